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
import { headOf, isWord, lengthsByHead, MAX_WORD_CHARS, tokenise } from './split-words.ts';

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
  const joined = tokens.join('');
  let from = 0;
  for (let start = 0; start < tokens.length; start += 1) {
    const known = secretLengths[headOf(joined, from)] ?? 0;
    const end =
      known === 0 ? undefined : endOfSecretWord(tokens, start, joined.slice(from, from + MAX_WORD_CHARS), known);
    if (end !== undefined) return end;
    from += tokens[start]?.length ?? 0;
  }
  return undefined;
}

/** The end of the longest secret word that begins at a token; `known` has a bit for each length that one may have. */
function endOfSecretWord(tokens: readonly string[], start: number, joined: string, known: number): number | undefined {
  let size = 0;
  let end: number | undefined;
  for (let at = start; at < Math.min(tokens.length, start + MAX_WINDOW_TOKENS); at += 1) {
    size += tokens[at]?.length ?? 0;
    if (size > joined.length) break;
    if ((known & (1 << size)) === 0) continue;
    const word = joined.slice(0, size);
    if (word === 'pin' && (hasAny(tokens, pinBenign) || at > start)) continue;
    if (secretWords.has(word)) end = at + 1;
  }
  return end;
}

const secretLengths = lengthsByHead(secretWords);

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
