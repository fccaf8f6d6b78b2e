// Decides from a field's name alone what its value is. Names are read as people spell them: camelCase, snake_case, kebab-case,
// dotted, ACRONYMSFirst, digits, writtentogether, and with look-alike letters.
//
// Bare `key`, `auth`, `code`, `state` and their like are `context`: a name cannot decide them. `key` beside `value` is the name of a
// pair; an opaque text under such a name, or a `code` beside OAuth's other parameters, is a secret (field-rules.ts). A bare `nonce` is
// plain: nonces are not credentials.
import { foldLookalikes, squeeze, unleet } from './confusables.ts';
import {
  aboutWords,
  askingWords,
  assertionBenign,
  authBenign,
  certificateBenign,
  certificateBenignAfter,
  countingWords,
  csrfBenign,
  featureWords,
  firmBefore,
  foreignWords,
  headerKeyBenign,
  keyBenignBefore,
  keyContextBefore,
  likelyWords,
  passBenign,
  patCompany,
  personalWords,
  pinBenignAfter,
  pinBenignBefore,
  productNames,
  roots,
  saltBenign,
  secretWords,
  sessionBenign,
  sidCompany,
  signatureBenign,
  signatureBenignBefore,
  spanWords,
  storeWords,
  synonyms,
  tellingParts,
  tokenBenignAfter,
  tokenBenignBefore,
  tokensBenignAfter,
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
  const isPlain = isAscii(name);
  if (!isPlain && foreignWords.test(name.toLowerCase())) return 'secret';
  const readable = isPlain ? name : foldLookalikes(name);
  const squeezed = squeeze(readable);
  if (readable.length > MAX_NAME_CHARS) return tellingParts.test(squeezed) ? 'secret' : 'plain';
  // npm's `//registry.npmjs.org/:_authToken` is the option behind the address.
  const option = readable.lastIndexOf(':_');
  if (option > 0 && readable.startsWith('//')) return judgeName(readable.slice(option + 1));
  if (readable.includes('/')) {
    if (address.test(readable)) return 'plain';
    return judgeName(readable.slice(readable.lastIndexOf('/') + 1));
  }
  if (productNames.has(squeezed) || sureShape.test(readable)) return 'secret';
  const unleeted = unleet(readable, squeezed);
  if (unleeted !== squeezed && tellingParts.test(unleeted)) return 'secret';
  return roots.test(squeezed) ? judgeTokens(tokenise(readable), readable) : 'plain';
}

/**
 * A path as in OpenAPI's `paths`, a URL, a package in its scope or its folder, a media type, a file: such a name says what is there,
 * not what it is. Of other names with slashes (`db/password`) the last part counts.
 */
const address =
  /^\/|:\/\/|^[A-Z]{3,7} +\/|^@[\w.-]+\/|(?:^|\/)node_modules\/|^(?:application|audio|font|image|message|model|multipart|text|video)\/|\/[^/]*\.[a-z]\w{0,4}$|\/$/;

/** Cookies that a browser keeps to secure origins (RFC 6265bis 4.1.3), and npm's `_auth`. */
const sureShape = /^(?:__(?:secure|host)-.+|_auth)$/i;

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function judgeTokens(tokens: readonly string[], name: string): NameVerdict {
  if (hasAny(tokens, featureWords) || isPublicKey(tokens)) return 'plain';
  const secretEnd = findSecretWord(tokens);
  if (secretEnd !== undefined) return isAbout(tokens, secretEnd) ? 'plain' : 'secret';
  if (isStoreAddress(tokens)) return 'secret';
  if (hasAny(tokens, likelyWords)) {
    return tokens.some((token, at) => likelyWords.has(token) && !isBenignLikely(tokens, at)) ? 'likely' : 'plain';
  }
  if (tokens.length > 1 && tokens.length <= MAX_WINDOW_TOKENS && likelyWords.has(tokens.join(''))) return 'likely';
  if (isPersonal(tokens)) return 'personal';
  return judgeLastWord(tokens, name);
}

function isStoreAddress(tokens: readonly string[]): boolean {
  return /^ur[il]$/.test(tokens[tokens.length - 1] ?? '') && hasAny(tokens, storeWords);
}

function judgeLastWord(tokens: readonly string[], name: string): NameVerdict {
  const key = judgeKeyName(tokens, name);
  if (key !== 'plain') return key;
  const last = tokens[tokens.length - 1] ?? '';
  if (last === 'auth' && tokens.length > 1) return judgeAuthName(tokens, name);
  if (tokens.length === 1 && weakWords.has(last)) return 'context';
  return tokens.some((token) => !isWord(token) && tellingParts.test(token)) && !isAbout(tokens, 1) ? 'secret' : 'plain';
}

/** `JWT_PUBLIC_KEY`, `publicKeyPem`; not `public_key_password`. */
function isPublicKey(tokens: readonly string[]): boolean {
  const at = tokens.indexOf('public');
  return at >= 0 && tokens[at + 1] === 'key' && !tokens.some((token) => /^(?:private|secret|pass|pwd)/.test(token));
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
    if (word === 'pin' && (at > start || isBenignPin(tokens, at))) continue;
    if (secretWords.has(word)) end = at + 1;
  }
  return end;
}

const secretLengths = lengthsByHead(secretWords);

function isBenignPin(tokens: readonly string[], at: number): boolean {
  return hasAny(tokens.slice(0, at), pinBenignBefore) || hasAny(tokens.slice(at + 1), pinBenignAfter);
}

function isAbout(tokens: readonly string[], secretEnd: number): boolean {
  const last = tokens[tokens.length - 1] ?? '';
  const word = tokens[secretEnd - 1] ?? '';
  if (askingWords.has(tokens[0] ?? '') || allows(tokens, secretEnd)) return true;
  if (secretEnd >= tokens.length) return false;
  const rest = tokens.slice(secretEnd);
  // HashiCorp's secret_id and a session_id are the secret itself; a credential's or password's id is not.
  return (
    aboutWords.has(last) ||
    ((last === 'id' || last === 'ids') && namedById.test(word)) ||
    (word !== 'ssn' && aboutPhrase.test(rest.join(''))) ||
    (word.endsWith('key') && rest.includes('hint')) ||
    (hasAny(rest, spanWords) &&
      !rest.some((token) => /^(?:secrets?|passwords?|tokens?|code|keys?|hash|value|salt)$/.test(token)))
  );
}

const namedById =
  /^(?:credentials?|passwords?|passkey|cookies?|apikeys?|key|pins?|otps?|secrets|authorization|jwt|[a-z]+key)$/;

/** What is left of a value that is not shown, and what came of checking it. */
const aboutPhrase = /^(?:last4|lastfour|(?:result|response|status|match)code)$/;

function allows(tokens: readonly string[], end: number): boolean {
  return tokens.slice(0, end).some((token) => /^(?:has|have|requires?|allows?|supports)$/.test(token));
}

function hasAny(tokens: readonly string[], set: ReadonlySet<string>): boolean {
  return tokens.some((token) => set.has(token));
}

interface Company {
  readonly before?: ReadonlySet<string>;
  readonly justBefore?: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

const session: Company = { before: sessionBenign, after: sessionBenign };
const signature: Company = { justBefore: signatureBenignBefore, after: signatureBenign };
const csrf: Company = { after: csrfBenign };
const certificate: Company = {
  before: certificateBenign,
  after: new Set([...certificateBenign, ...certificateBenignAfter]),
};

const benignCompany: Readonly<Record<string, Company>> = {
  session,
  sess: session,
  signature,
  sig: signature,
  hmac: signature,
  csrf,
  xsrf: csrf,
  pass: { before: passBenign, after: passBenign },
  salt: { before: saltBenign, after: saltBenign },
  assertion: { after: assertionBenign },
  cert: certificate,
  certs: certificate,
  certificate,
  certificates: certificate,
};

function isBenignLikely(tokens: readonly string[], at: number): boolean {
  const word = tokens[at] ?? '';
  const before = tokens.slice(0, at);
  const after = tokens.slice(at + 1);
  if (word === 'token' || word === 'tokens') return isBenignToken(word, before, after);
  if (word === 'sid') return ![...before, ...after].every((other) => sidCompany.has(other) || /^\d+$/.test(other));
  if (word === 'pat') return after.length > 0 || !hasAny(before, patCompany);
  const company = benignCompany[word];
  if (!company) return false;
  return (
    hasAny(after, company.after) ||
    hasAny(before, company.before ?? askingWords) ||
    hasAny(before, askingWords) ||
    (company.justBefore?.has(before[before.length - 1] ?? '') ?? false)
  );
}

function isBenignToken(word: string, before: readonly string[], after: readonly string[]): boolean {
  if (after.join() === 'to' || hasAny(after, tokenBenignAfter) || askingWords.has(before[0] ?? '')) return true;
  if (hasAny(before, firmBefore.has(before[before.length - 1] ?? '') ? countingWords : tokenBenignBefore)) return true;
  return word === 'tokens' && (hasAny(before, tokensBenignBefore) || hasAny(after, tokensBenignAfter));
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
function judgeKeyName(tokens: readonly string[], name: string): NameVerdict {
  let last = tokens.length - 1;
  while (last > 0 && (trailingWords.has(tokens[last] ?? '') || /^\d+$/.test(tokens[last] ?? ''))) last -= 1;
  if (last < 1 || tokens[last] !== 'key') return 'plain';
  const before = tokens.slice(0, last);
  if (askingWords.has(before[0] ?? '') || before.every((token) => /^\d+$/.test(token))) return 'plain';
  // Header-Case and kebab-case behind X-: a header that is a key.
  const benign = /^x-/i.test(name) ? headerKeyBenign : keyBenignBefore;
  // s3_key and i18n_key fall into more tokens than they are words.
  if (benign.has(before.slice(-2).join('')) || benign.has(before.slice(-3).join(''))) return 'plain';
  if (hasAny(before, benign)) return 'plain';
  return benign === keyBenignBefore && keyContextBefore.has(before[before.length - 1] ?? '') ? 'context' : 'secret';
}

// X-Sentry-Auth and NEO4J_AUTH hold credentials; `bearer_auth` may as well be the name of a scheme.
function judgeAuthName(tokens: readonly string[], name: string): NameVerdict {
  if (hasAny(tokens, authBenign) || askingWords.has(tokens[0] ?? '')) return 'plain';
  return /^x-/i.test(name) || /^[A-Z0-9_]+$/.test(name) ? 'likely' : 'context';
}
