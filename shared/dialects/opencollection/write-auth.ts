import { prefixAsHeader } from '../../collection/bearer-prefix.ts';
import type { AuthTemplate } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import { type Block, blockOf, type Lose } from './write-fields.ts';
import { writeOauth2 } from './write-oauth2.ts';

/** Fields of each type that the schema has, by the model's name, with the schema's. */
const FIELDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['basic', same('username', 'password')],
  ['bearer', same('token')],
  ['digest', same('username', 'password')],
  ['ntlm', same('username', 'password', 'domain')],
  ['wsse', same('username', 'password')],
  ['apikey', new Map([...same('key', 'value'), ['in', 'placement']])],
  [
    'awsv4',
    new Map([
      ['accessKey', 'accessKeyId'],
      ['secretKey', 'secretAccessKey'],
      ...same('sessionToken', 'service', 'region', 'profileName'),
    ]),
  ],
  [
    'oauth1',
    new Map([
      ...same('consumerKey', 'consumerSecret', 'verifier', 'signatureMethod', 'timestamp', 'nonce', 'version', 'realm'),
      ['token', 'accessToken'],
      ['tokenSecret', 'accessTokenSecret'],
      ['callback', 'callbackUrl'],
    ]),
  ],
]);

function same(...names: readonly string[]): Map<string, string> {
  return new Map(names.map((name) => [name, name]));
}

/** Postman writes these for its own screens; nothing is sent differently without them. */
const NOT_SENT = new Set(['saveHelperData', 'showPassword', 'disableRetryRequest', 'placement', 'addParamsToHeader']);

/** An auth as the schema has it; undefined for none, and with a loss for a type that the schema does not have. */
export function writeAuth(stated: AuthTemplate, lose: Lose): Block | undefined {
  const auth = prefixAsHeader(stated);
  const { type, fields } = auth;
  if (type === 'none') return undefined;
  const texts = new Map(Object.entries(fields).map(([name, template]) => [name, templateText(template)]));
  if (type === 'oauth2') return writeOauth2(texts, lose);
  const known = FIELDS.get(type);
  if (!known) {
    lose(`the authentication: the format has no type ${/^[\w-]{1,40}$/.test(type) ? type : 'of that name'}`);
    return undefined;
  }
  const written = new Map<string, unknown>();
  for (const [name, text] of texts) {
    const field = known.get(name);
    if (field !== undefined) written.set(field, text);
    else if (!isWrittenApart(type, name)) lose(`the field ${name} of the authentication`);
  }
  if (type === 'apikey') keepPlacement(written, lose);
  return { type, ...Object.fromEntries(written), ...(type === 'oauth1' && writeOauth1(auth, texts, lose)) };
}

function isWrittenApart(type: string, name: string): boolean {
  return NOT_SENT.has(name) || (type === 'oauth1' && (name === 'privateKey' || name === 'includeBodyHash'));
}

const SIGNATURES: ReadonlySet<string> = new Set([
  'HMAC-SHA1',
  'HMAC-SHA256',
  'HMAC-SHA512',
  'RSA-SHA1',
  'RSA-SHA256',
  'RSA-SHA512',
  'PLAINTEXT',
]);

function writeOauth1({ fields }: AuthTemplate, texts: ReadonlyMap<string, string>, lose: Lose): Block {
  const method = texts.get('signatureMethod');
  const key = texts.get('privateKey') ?? '';
  const inFile = fields.privateKey?.some(({ kind }) => kind === 'unsupported') === true;
  const hash = texts.get('includeBodyHash');
  const inHeader = texts.get('addParamsToHeader');
  const unknownMethod = method !== undefined && !SIGNATURES.has(method);
  if (unknownMethod) lose('the signature method of the authentication');
  return (
    blockOf({
      ...(unknownMethod && { signatureMethod: undefined }),
      privateKey: key === '' ? undefined : { type: inFile ? 'file' : 'text', value: key },
      placement: texts.get('placement') ?? placementOf(inHeader),
      includeBodyHash: hash === undefined ? undefined : hash === 'true',
    }) ?? {}
  );
}

/** Where none is stated the schema's is the header, the model's is not. */
function placementOf(inHeader: string | undefined): string {
  return inHeader === 'true' ? 'header' : 'query';
}

function keepPlacement(written: Map<string, unknown>, lose: Lose): void {
  const placement = written.get('placement');
  if (placement === undefined || placement === 'header' || placement === 'query') return;
  written.delete('placement');
  lose(`the place of the API key, which is the ${placement === 'cookie' ? 'cookie' : 'one of a variable'}`);
}
