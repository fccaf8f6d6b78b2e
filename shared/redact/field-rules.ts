// What the neighbours of a field say about it: pairs of name and value, and the words that a name alone cannot decide.
import type { NameVerdict } from './names.ts';

/** A set of names in any spelling: `paramName`, `Param-Name`, `@name`, `PARAM_NAME`. */
export interface NameTest {
  has(name: string): boolean;
}

/** Members that name their sibling: `{ name: 'password', value: '…' }`, as in environments, HAR and Postman files. */
export const pairNames: NameTest = spelledLike(
  'name key k header field param parameter variable property attribute label attr prop var setting option argument',
  /^(?:param|parameter|header|field|variable|var|property|prop|attribute|attr|setting|option|env|environment|config|cookie|argument|arg|item|entry|form|input|query|custom|metadata|tag)(?:name|key)$/,
);

export const pairValues: NameTest = spelledLike(
  'value val v content contents values default data text t initialvalue currentvalue defaultvalue stringvalue strvalue textvalue plainvalue rawvalue newvalue oldvalue bytesvalue',
  /^(?:param|parameter|header|field|variable|var|property|prop|attribute|attr|setting|option|env|environment|config|cookie|argument|arg|item|entry|form|input|query|custom|metadata|tag)(?:value|val|content)$/,
);

/** Beside one of these, `code` and `state` are OAuth's (RFC 6749). */
export const oauthNames: NameTest = spelledLike(
  // `clientId` beside a `code` is as often a plain record's.
  'client_id granttype redirecturi codeverifier sessionstate responsetype idtoken',
);

const MAX_SPELLED_CHARS = 32;

/** `words` as they stand or squeezed to their letters, `compounds` squeezed. */
function spelledLike(words: string, compounds = /(?!)/): NameTest {
  const known = new Set(words.split(' '));
  return {
    has: (name) => {
      if (known.has(name)) return true;
      if (name.length > MAX_SPELLED_CHARS || name === '') return false;
      const squeezed = name.toLowerCase().replace(/[^a-z]+/g, '');
      // xml2js writes an element's text as `_`.
      return known.has(squeezed) || compounds.test(squeezed) || (squeezed === '' && name === '_' && known.has('text'));
    },
  };
}

export function isSensitive(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'likely' || verdict === 'personal';
}

/** Whether a number under such a name goes: counts share the `likely` names. */
export function numberGoes(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'personal';
}

/** Whether an object or list under such a name goes as a whole. */
export function containerGoes(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'likely';
}

/** Whether a name that says nothing alone may be that of a pair whose value decides: `code` and `state` need other company. */
export function mayNamePair(name: string): boolean {
  return !/^(?:code|state)$/i.test(name);
}

const VERSION =
  '(?:\\d{1,4}(?:\\.(?:\\d{1,5}|[x*])){0,2}(?:-(?:alpha|beta|rc|next|canary|dev|pre)(?:\\.?\\d{1,6}){0,2})?)';
const COMPARED = `(?:[\\^~]|[<>]=?|=)[ ]?v?${VERSION}`;
const RANGE = new RegExp(
  `^(?:workspace:)?(?:[*^~]|${COMPARED}(?:(?: \\|\\| | )${COMPARED}){0,5}|v?\\d{1,4}(?:\\.\\d{1,4})?\\.[x*]|v?\\d{1,4}\\.\\d{1,4}\\.\\d{1,5}(?:-(?:alpha|beta|rc|next|canary|dev|pre)(?:\\.?\\d{1,6}){0,2})?)$`,
);

/** A version of a package, or a range of them (npm's semver): `"jsonwebtoken": "^9.0.2"` names a package, and holds no token. */
export function isVersionRange(text: string): boolean {
  return text.length <= 80 && RANGE.test(text);
}

/** Decides `key`, `auth`, `code` and `state` by their text; `oauth`: one of OAuth's parameters stands beside it. */
export function contextGoes(name: string, text: string, oauth: boolean): boolean {
  const word = name.toLowerCase();
  if (word === 'code' || word === 'state') return oauth && text.length >= 4;
  return looksOpaque(text);
}

/** Long, without words: mixed case with digits, many digits, or hex. UUIDs and dates are not: they name things. */
export function looksOpaque(text: string): boolean {
  if (text.length < 16 || text.length > 4_096 || !/^[\w+/=.~-]+$/.test(text)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return false;
  if (/^[0-9a-f]{24,}$/i.test(text)) return true;
  const digits = text.replace(/[^0-9]/g, '').length;
  if (/^[\w+=-][\w+/=-]*$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text))
    return digits >= 2 && !text.includes('.');
  return /^[a-z0-9]+$/.test(text) && digits >= 4 && digits < text.length;
}
