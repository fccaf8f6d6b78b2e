// Decides from a field's name alone what its value is. Names are read as people spell them: camelCase, snake_case, kebab-case,
// dotted, ACRONYMSFirst, digits, writtentogether, and with look-alike letters.
//
// Bare `key`, `auth`, `code` and `state` are `context`: a name cannot decide them. `key` beside `value` is the name of a pair; an
// opaque text under `key` or `auth`, or a `code` beside OAuth's other parameters, is a secret (field-rules.ts). A bare `nonce` is plain: nonces are not credentials.
import { foldLookalikes } from './confusables.ts';
import {
  aboutWords,
  askingWords,
  certificateBenign,
  featureWords,
  keyBenignBefore,
  likelyWords,
  passBenign,
  personalWords,
  pinBenign,
  plainWords,
  roots,
  saltBenign,
  secretWords,
  sessionBenign,
  sidCompany,
  signatureBenign,
  synonyms,
  tellingParts,
  tokenBenignAfter,
  tokenBenignBefore,
  tokensBenignBefore,
  trailingWords,
  weakWords,
} from './name-words.ts';

/**
 * What a value of this name is, and what of it goes:
 * `secret` texts, numbers, objects and lists; `likely` the same but numbers stay (they count things); `personal` texts and numbers,
 * objects are looked into; `context` see above; `plain` nothing. Booleans and null always stay.
 */
export type NameVerdict = 'secret' | 'likely' | 'personal' | 'context' | 'plain';

/** Whether a field of this name is expected to hold a credential. Pure; `createNameMatcher` is the one to use on many names. */
export function isSensitiveName(name: string): boolean {
  const verdict = judgeName(name);
  return verdict === 'secret' || verdict === 'likely';
}

const MAX_REMEMBERED = 4_096;
const MAX_NAME_CHARS = 256;

/** A `judgeName` that remembers a bounded number of names. */
export function createNameMatcher(): (name: string) => NameVerdict {
  const known = new Map<string, NameVerdict>();
  return (name) => {
    const found = known.get(name);
    if (found) return found;
    const verdict = judgeName(name);
    if (known.size >= MAX_REMEMBERED) known.clear();
    if (name.length <= MAX_NAME_CHARS) known.set(name, verdict);
    return verdict;
  };
}

export function judgeName(name: string): NameVerdict {
  const readable = isAscii(name) ? name : foldLookalikes(name);
  const squeezed = readable.toLowerCase().replace(/[^a-z0-9]+/g, '');
  if (readable.length > MAX_NAME_CHARS) return tellingParts.test(squeezed) ? 'secret' : 'plain';
  // A path or a URL as a name, as in OpenAPI's `paths`, says what is there, not what it is.
  if (/^\/|:\/\//.test(readable)) return 'plain';
  const unleeted = unleet(squeezed);
  if (unleeted !== squeezed && tellingParts.test(unleeted)) return 'secret';
  if (!roots.test(squeezed)) return 'plain';
  return judgeTokens(tokenise(readable));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

const leet: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't' };

function unleet(squeezed: string): string {
  return /[a-z][013457]+[a-z]/.test(squeezed)
    ? squeezed.replace(/(?<=[a-z])[013457]+(?=[a-z])/g, (digits) =>
        Array.from(digits, (digit) => leet[digit] ?? digit).join(''),
      )
    : squeezed;
}

/** `getAPIKey2-prod` → get api key 2 prod; written-together words are taken apart where the vocabulary covers them whole. */
export function tokenise(readable: string): readonly string[] {
  const spaced = readable
    .replace(/2fa/gi, ' twofactor ')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])([0-9])/g, '$1 $2')
    .replace(/([0-9])([A-Za-z])/g, '$1 $2');
  const tokens = spaced
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== '');
  return tokens.flatMap((token) => (isWord(token) ? [token] : (takeApart(token) ?? [token])));
}

function isWord(token: string): boolean {
  return secretWords.has(token) || likelyWords.has(token) || isNeighbour(token);
}

function isNeighbour(token: string): boolean {
  return (
    plainWords.has(token) ||
    weakWords.has(token) ||
    tokenBenignBefore.has(token) ||
    tokenBenignAfter.has(token) ||
    keyBenignBefore.has(token) ||
    aboutWords.has(token) ||
    trailingWords.has(token)
  );
}

const MAX_JOINED_CHARS = 64;

// Fewest words that cover the whole token, by dynamic programming over its prefixes.
function takeApart(token: string): readonly string[] | undefined {
  if (token.length > MAX_JOINED_CHARS || token.length < 4) return undefined;
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= token.length; end += 1) {
    for (let start = Math.max(0, end - 20); start <= end - 2; start += 1) {
      const before = best[start];
      const current = best[end];
      if (!before || (current && current.length <= before.length + 1)) continue;
      const word = token.slice(start, end);
      if (isWord(word)) best[end] = [...before, word];
    }
  }
  return best[token.length];
}

function judgeTokens(tokens: readonly string[]): NameVerdict {
  if (tokens.some((token) => featureWords.has(token))) return 'plain';
  const secretEnd = findSecretWord(tokens);
  if (secretEnd !== undefined) return isAbout(tokens, secretEnd) ? 'plain' : 'secret';
  const likely = tokens.findIndex((token) => likelyWords.has(token));
  if (likely >= 0) return isBenignLikely(tokens, likely) ? 'plain' : 'likely';
  if (tokens.length > 1 && tokens.length <= MAX_WINDOW_TOKENS && likelyWords.has(tokens.join(''))) return 'likely';
  if (isPersonal(tokens)) return 'personal';
  if (isKeyName(tokens)) return 'secret';
  if (tokens.length === 1 && weakWords.has(tokens[0] ?? '')) return 'context';
  return tokens.some((token) => !isWord(token) && tellingParts.test(token)) && !isAbout(tokens, 1) ? 'secret' : 'plain';
}

const MAX_WINDOW_TOKENS = 10;

// Neighbouring tokens are also read as one word, so pass_word and pAsSwOrD are found; gives the position after the match.
function findSecretWord(tokens: readonly string[]): number | undefined {
  for (let start = 0; start < tokens.length; start += 1) {
    let joined = '';
    let end: number | undefined;
    for (let at = start; at < Math.min(tokens.length, start + MAX_WINDOW_TOKENS); at += 1) {
      joined += tokens[at];
      if (joined === 'pin' && (hasAny(tokens, pinBenign) || at > start)) continue;
      if (secretWords.has(joined)) end = at + 1;
    }
    if (end !== undefined) return end;
  }
  return undefined;
}

function isAbout(tokens: readonly string[], secretEnd: number): boolean {
  const last = tokens[tokens.length - 1] ?? '';
  if (askingWords.has(tokens[0] ?? '')) return true;
  if (secretEnd >= tokens.length) return false;
  // HashiCorp's secret_id and a session_id are the secret itself; a credential's or password's id is not.
  return (
    aboutWords.has(last) ||
    ((last === 'id' || last === 'ids') &&
      /^(?:credentials?|passwords?|passkey|cookies?|apikeys?|key|pins?)$/.test(tokens[secretEnd - 1] ?? ''))
  );
}

function hasAny(tokens: readonly string[], set: ReadonlySet<string>): boolean {
  return tokens.some((token) => set.has(token));
}

function isBenignLikely(tokens: readonly string[], at: number): boolean {
  const word = tokens[at] ?? '';
  const others = tokens.filter((_, index) => index !== at);
  if (word === 'token' || word === 'tokens') return isBenignToken(tokens, at);
  if (word === 'sid') return !others.every((other) => sidCompany.has(other));
  const benign = benignCompany[word];
  return benign ? hasAny(others, benign) || hasAny(tokens.slice(0, at), askingWords) : false;
}

const benignCompany: Readonly<Record<string, ReadonlySet<string>>> = {
  session: sessionBenign,
  signature: signatureBenign,
  sig: signatureBenign,
  pass: passBenign,
  salt: saltBenign,
  cert: certificateBenign,
  certs: certificateBenign,
  certificate: certificateBenign,
  certificates: certificateBenign,
};

function isBenignToken(tokens: readonly string[], at: number): boolean {
  const before = tokens.slice(0, at);
  const after = tokens.slice(at + 1);
  if (hasAny(before, tokenBenignBefore) || hasAny(after, tokenBenignAfter) || askingWords.has(before[0] ?? ''))
    return true;
  return tokens[at] === 'tokens' && hasAny(before, tokensBenignBefore);
}

function isPersonal(tokens: readonly string[]): boolean {
  const plain = tokens.map((token) => synonyms[token] ?? token);
  return personalWords.some((row) => standTogether(plain, row)) && !isAbout(tokens, 1);
}

// In any order, with at most one other word between them.
function standTogether(tokens: readonly string[], row: readonly string[]): boolean {
  return tokens.some((_, start) => {
    const near = tokens.slice(start, start + row.length + 1);
    return row.every((word) => near.includes(word));
  });
}

// `<anything>_key` is a key unless what stands before says that it identifies something.
function isKeyName(tokens: readonly string[]): boolean {
  let last = tokens.length - 1;
  while (last > 0 && (trailingWords.has(tokens[last] ?? '') || /^\d+$/.test(tokens[last] ?? ''))) last -= 1;
  if (last < 1 || tokens[last] !== 'key') return false;
  const before = tokens.slice(0, last);
  // s3_key and i18n_key fall into more tokens than they are words.
  if (keyBenignBefore.has(before.slice(-2).join('')) || keyBenignBefore.has(before.slice(-3).join(''))) return false;
  return (
    before.some((token) => !/^\d+$/.test(token)) &&
    !hasAny(before, keyBenignBefore) &&
    !askingWords.has(before[0] ?? '')
  );
}
