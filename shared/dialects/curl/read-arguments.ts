import { leftOut, longOption, type Option, refusalOf, shortOption } from './option-table.ts';

/** The options between two `--next`, and the URLs that they all apply to. */
export interface Operation {
  /** In the order given; a switched-off option (`--no-location`) has the value false. */
  readonly options: readonly Stated[];
  readonly urls: readonly string[];
  /** Those of them that stand alone, and not behind `--url`. */
  readonly words: readonly string[];
  readonly notes: readonly string[];
  /** Why the command is not executed. */
  readonly refusal?: string;
}

export interface Stated {
  readonly name: string;
  readonly value: string | boolean;
}

interface Draft {
  readonly options: Stated[];
  readonly urls: string[];
  readonly words: string[];
  readonly notes: Set<string>;
}

interface Reading {
  readonly operations: Draft[];
  draft: Draft;
  /** Why the command is not executed: the first reason found. */
  refusal?: string;
  hasUnknown: boolean;
}

const UNKNOWN = 'Commands with an option that is not known are not executed';
const INCOMPLETE = 'Commands with an option without its argument are not executed';

/** Reads the arguments of a curl command as curl does: bundled short options, beginnings of long ones, `--no-` before them. */
export function readArguments(words: readonly string[]): Operation[] {
  const draft = emptyDraft();
  const reading: Reading = { operations: [draft], draft, hasUnknown: false };
  let onlyUrls = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (onlyUrls || word === '-' || !word.startsWith('-')) takeWord(reading.draft, word);
    else if (word === '--') onlyUrls = true;
    else at += word.startsWith('--') ? takeLong(reading, word, words[at + 1]) : takeShort(reading, word, words[at + 1]);
  }
  const { operations, refusal, hasUnknown } = reading;
  return operations.map(({ options, urls, words: alone, notes }) => ({
    options,
    words: alone,
    // Beside an option that is not known any word may be an argument, and a secret.
    urls: hasUnknown ? urls.filter((url) => /^https?:\/\//i.test(url)) : urls,
    notes: [...notes],
    ...(refusal !== undefined && { refusal }),
  }));
}

function takeWord({ urls, words }: Draft, word: string): void {
  urls.push(word);
  words.push(word);
}

function emptyDraft(): Draft {
  return { options: [], urls: [], words: [], notes: new Set() };
}

/** What states nothing is no operation, so that a word of many `:` is not as many of them. */
function startNext(reading: Reading): void {
  const { options, urls } = reading.draft;
  if (options.length + urls.length === 0) return;
  reading.draft = emptyDraft();
  reading.operations.push(reading.draft);
}

function takeLong(reading: Reading, word: string, next: string | undefined): number {
  const name = word.slice(2);
  const option = longOption(name);
  if (option?.takesArgument) return takeArgument(reading, option, next);
  const negated = !option && name.startsWith('no-') ? longOption(name.slice('no-'.length)) : undefined;
  if (option) state(reading, option, true);
  else if (negated && !negated.takesArgument) state(reading, negated, false);
  else return takeUnknown(reading, next);
  return 0;
}

/** A bundle: each letter is a switch, until one that takes the rest of the word, or the next word, as its argument. */
function takeShort(reading: Reading, word: string, next: string | undefined): number {
  for (let at = 1; at < word.length; at += 1) {
    const option = shortOption(word[at] ?? '');
    if (!option) return takeUnknown(reading, next);
    if (!option.takesArgument) {
      state(reading, option, true);
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest === '') return takeArgument(reading, option, next);
    state(reading, option, rest);
    return 0;
  }
  return 0;
}

/** The word behind an option that is not known may be its argument. */
function takeUnknown(reading: Reading, next: string | undefined): number {
  reading.refusal ??= UNKNOWN;
  reading.hasUnknown = true;
  return next === undefined || next.startsWith('-') ? 0 : 1;
}

function takeArgument(reading: Reading, option: Option, value: string | undefined): number {
  if (value === undefined) reading.refusal ??= INCOMPLETE;
  else state(reading, option, value);
  return 1;
}

function state(reading: Reading, { name }: Option, value: string | boolean): void {
  if (name === 'next') {
    startNext(reading);
    return;
  }
  const { options, urls, notes } = reading.draft;
  const refusal = refusalOf(name, value);
  const note = value === false ? undefined : leftOut.get(name);
  if (refusal !== undefined) reading.refusal ??= refusal;
  else if (note !== undefined) notes.add(note);
  else if (name === 'url' && typeof value === 'string') urls.push(value);
  else options.push({ name, value });
}
