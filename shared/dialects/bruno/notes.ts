// Fixed sentences on what a file states and Keyward leaves out.
import type { AuthTemplate } from '../../collection/model.ts';
import { type BruBlock, valueIn } from './syntax.ts';

const KNOWN =
  /^(?:meta|settings|docs|tests|assert|example|query|headers|metadata|auth|body|get|post|put|delete|patch|options|head|connect|trace|http|grpc|ws|app|params:(?:query|path)|vars:(?:pre-request|post-response)|script:(?:pre-request|post-response)|body:[\w:-]+|auth:[\w:-]+)$/;

/** `levels` are the blocks of the collection, its folders and the request. */
export function noteLosses(levels: readonly (readonly BruBlock[])[], auth: AuthTemplate): string[] {
  const has = (test: (block: BruBlock) => boolean): boolean => levels.some((blocks) => blocks.some(test));
  const notes: string[] = [];
  if (has(({ name }) => !KNOWN.test(name))) notes.push('A block of a kind that is not known is left out');
  if (has(({ name }) => name === 'app')) notes.push('The app of the request is left out');
  if (has(({ name }) => name === 'body:grpc' || name === 'body:ws')) notes.push('The messages are left out');
  return [...notes, ...noteAuth(levels, auth)];
}

function noteAuth(levels: readonly (readonly BruBlock[])[], auth: AuthTemplate): string[] {
  if (auth.type === 'awsv4' && auth.fields.profileName && auth.fields.profileName.length > 0) {
    return ['A profile of the AWS configuration is not read'];
  }
  const keyFile = levels.some((blocks) => valueIn(blocks, 'auth:oauth1', 'private_key')?.startsWith('@file('));
  return auth.type === 'oauth1' && keyFile ? ['A private key in a file is not read'] : [];
}
