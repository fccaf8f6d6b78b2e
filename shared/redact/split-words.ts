// Takes written-together names apart (`mysqlpwd`, `useraccesstoken`) where the vocabulary covers them whole.
import {
  aboutWords,
  keyBenignBefore,
  likelyWords,
  plainWords,
  secretWords,
  tokenBenignAfter,
  tokenBenignBefore,
  trailingWords,
  weakWords,
} from './name-words.ts';

const vocabulary: ReadonlySet<string> = new Set(
  [
    secretWords,
    likelyWords,
    plainWords,
    weakWords,
    tokenBenignBefore,
    tokenBenignAfter,
    keyBenignBefore,
    aboutWords,
    trailingWords,
  ].flatMap((words) => Array.from(words)),
);

export function isWord(token: string): boolean {
  return vocabulary.has(token);
}

/** `getAPIKey2-prod` → get api key 2 prod; written-together words are taken apart where the vocabulary covers them whole. */
export function tokenise(readable: string): readonly string[] {
  const text = readable.replace(/2fa/gi, ' twofactor ');
  const tokens: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at += 1) {
    const kind = kindAt(text, at);
    if (start >= 0 && (kind === OTHER || (at > start && isSeam(text, at)))) {
      addToken(tokens, text.slice(start, at).toLowerCase());
      start = -1;
    }
    if (kind !== OTHER && start < 0) start = at;
  }
  return tokens;
}

const [OTHER, LOWER, UPPER, DIGIT] = [0, 1, 2, 3];

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  return code >= 48 && code <= 57 ? DIGIT : OTHER;
}

// Between a letter and a digit, before a capital, and before the last of several: `userId`, `APIKey`.
function isSeam(text: string, at: number): boolean {
  const [before, here] = [kindAt(text, at - 1), kindAt(text, at)];
  if ((before === DIGIT) !== (here === DIGIT)) return true;
  return here === UPPER && (before === LOWER || kindAt(text, at + 1) === LOWER);
}

function addToken(tokens: string[], token: string): void {
  const words = isWord(token) ? undefined : takeApart(token);
  if (words) tokens.push(...words);
  else tokens.push(token);
}

/** Which lengths the words have that begin with these two characters, a bit for each: most places of a name begin none. */
export function lengthsByHead(words: Iterable<string>): Uint32Array {
  const found = new Uint32Array(1 << 14);
  for (const word of words) found[headOf(word, 0)] = (found[headOf(word, 0)] ?? 0) | (1 << word.length);
  return found;
}

export function headOf(token: string, at: number): number {
  return ((token.charCodeAt(at) & 127) << 7) | (token.charCodeAt(at + 1) & 127);
}

const lengths = lengthsByHead(vocabulary);

const MAX_JOINED_CHARS = 64;
/** No word of the vocabulary is longer; a bit of 32 stands for each length. */
export const MAX_WORD_CHARS = 30;

/** The fewest words that cover the whole token, by dynamic programming over its prefixes. */
function takeApart(token: string): readonly string[] | undefined {
  if (token.length > MAX_JOINED_CHARS || token.length < 4) return undefined;
  // How many words cover each prefix (0: none do), and where the last of them begins.
  const counts = new Uint8Array(token.length + 1);
  const begins = new Uint8Array(token.length + 1);
  for (let start = 0; start <= token.length - 2; start += 1) {
    if (start > 0 && counts[start] === 0) continue;
    const next = (counts[start] ?? 0) + 1;
    for (const end of wordEnds(token, start)) {
      const reached = counts[end] ?? 0;
      if (reached > 0 && reached <= next) continue;
      counts[end] = next;
      begins[end] = start;
    }
  }
  return counts[token.length] === 0 ? undefined : wordsOf(token, begins);
}

function wordEnds(token: string, start: number): readonly number[] {
  const ends: number[] = [];
  const known = lengths[headOf(token, start)] ?? 0;
  if (known === 0) return ends;
  for (let size = 2; size <= Math.min(MAX_WORD_CHARS, token.length - start); size += 1) {
    if ((known & (1 << size)) !== 0 && vocabulary.has(token.slice(start, start + size))) ends.push(start + size);
  }
  return ends;
}

function wordsOf(token: string, begins: Uint8Array): readonly string[] {
  const words: string[] = [];
  for (let end = token.length; end > 0; end = begins[end] ?? 0) words.push(token.slice(begins[end], end));
  return words.reverse();
}
