// The auth blocks, and where a request takes its auth from.
import type { AuthTemplate } from '../../collection/model.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import type { Template } from '../../template/template.ts';
import { oauth1Fields, oauth2Fields, oauth2Parameters } from './oauth.ts';
import { type BruBlock, pairsOf } from './syntax.ts';
import type { Values } from './values.ts';

/** A place that may state an auth, nearest first. */
export interface AuthLevel {
  readonly from: 'request' | 'folder' | 'collection';
  readonly mode: string;
  readonly blocks: readonly BruBlock[];
}

/**
 * The auth of a request that says `inherit`: the nearest folder's that is one, else the collection's. A folder's `none`
 * does not stop the search, as in Bruno.
 */
export function inheritAuth(outer: readonly AuthLevel[], values: Values): AuthTemplate {
  for (const level of outer) {
    const counts = level.from === 'collection' || level.mode !== 'none';
    if (counts && level.mode !== '' && level.mode !== 'inherit') return readAuth(level, values);
  }
  return { type: 'none', fields: {}, from: 'none' };
}

// Names that differ from Postman's, by mode.
const TYPES: Readonly<Record<string, string>> = { 'akamai-edgegrid': 'edgegrid', akamaiEdgegrid: 'edgegrid' };
const BLOCKS: Readonly<Record<string, string>> = { akamaiEdgegrid: 'akamai-edgegrid' };
const NAMES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['awsv4', { accessKeyId: 'accessKey', secretAccessKey: 'secretKey' }],
]);

/** What a level itself states. */
export function readAuth({ from, mode, blocks }: AuthLevel, values: Values): AuthTemplate {
  if (mode === 'none' || mode === '') return { type: 'none', fields: {}, from };
  const type = Object.hasOwn(TYPES, mode) ? (TYPES[mode] ?? mode) : mode;
  const block = Object.hasOwn(BLOCKS, mode) ? (BLOCKS[mode] ?? mode) : mode;
  const stated = new Map<string, string>();
  for (const { name, value, enabled } of pairsOf(blocks, `auth:${block}`)) {
    if (enabled && !stated.has(name)) stated.set(name, value);
  }
  const isSecret = createSecretAuthTest(type, stated.get('password'));
  const parameters = type === 'oauth2' ? oauth2Parameters(blocks) : [];
  const fields = [...fieldsOf(mode, stated), ...parameters].map(([name, text]): [string, Template] => [
    name,
    fileNamed(name, text) ?? (isSecret(name) ? values.secret(text) : values.value(text)),
  ]);
  return { type, fields: Object.fromEntries(fields), from };
}

/** A private key may stand in a file of its own. */
function fileNamed(name: string, text: string): Template | undefined {
  if (name !== 'privateKey' || !text.startsWith('@file(') || !text.endsWith(')')) return undefined;
  return [
    { kind: 'unsupported', text: text.slice('@file('.length, -1), problem: 'a private key in a file is not read' },
  ];
}

function fieldsOf(mode: string, stated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (mode === 'oauth2') return oauth2Fields(stated);
  if (mode === 'oauth1') return oauth1Fields(stated);
  if (mode === 'apikey') return apiKeyFields(stated);
  const names = NAMES.get(mode) ?? {};
  return new Map(
    [...stated].map(([name, value]) => [Object.hasOwn(names, name) ? (names[name] ?? name) : name, value]),
  );
}

function apiKeyFields(stated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { placement = '', ...fields } = Object.fromEntries(stated);
  return new Map([...Object.entries(fields), ['in', placement === 'queryparams' ? 'query' : placement || 'header']]);
}
