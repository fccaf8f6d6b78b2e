import { leftOut, longOption, type Option, shortOption } from './option-table.ts';

/** The options between two `--next`, and the URLs that they all apply to. */
export interface Operation {
  /** In the order given; a switched-off option (`--no-location`) has the value false. */
  readonly options: readonly Stated[];
  readonly urls: readonly string[];
  readonly notes: readonly string[];
}

export interface Stated {
  readonly name: string;
  readonly value: string | boolean;
}

interface Draft {
  readonly options: Stated[];
  readonly urls: string[];
  readonly notes: Set<string>;
}

const UNKNOWN = 'An option that curl does not know is left out';
const INCOMPLETE = 'An option without its argument is left out';

/** Reads the arguments of a curl command as curl does: bundled short options, beginnings of long ones, `--no-` before them. */
export function readArguments(words: readonly string[]): Operation[] {
  let draft: Draft = { options: [], urls: [], notes: new Set() };
  const operations = [draft];
  let onlyUrls = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (onlyUrls || word === '-' || !word.startsWith('-')) {
      draft.urls.push(word);
    } else if (word === '--') {
      onlyUrls = true;
    } else if (word === '--next' || word === '-:') {
      draft = { options: [], urls: [], notes: new Set() };
      operations.push(draft);
    } else {
      at += word.startsWith('--') ? takeLong(draft, word, words[at + 1]) : takeShort(draft, word, words[at + 1]);
    }
  }
  return operations.map(({ options, urls, notes }) => ({ options, urls, notes: [...notes] }));
}

function takeLong(draft: Draft, word: string, next: string | undefined): number {
  const name = word.slice(2);
  const option = longOption(name);
  if (option?.takesArgument) return takeArgument(draft, option, next);
  if (option) state(draft, option, true);
  else {
    const negated = name.startsWith('no-') ? longOption(name.slice('no-'.length)) : undefined;
    if (negated && !negated.takesArgument) state(draft, negated, false);
    else draft.notes.add(UNKNOWN);
  }
  return 0;
}

/** A bundle: each letter is a switch, until one that takes the rest of the word, or the next word, as its argument. */
function takeShort(draft: Draft, word: string, next: string | undefined): number {
  for (let at = 1; at < word.length; at += 1) {
    const option = shortOption(word[at] ?? '');
    if (!option) {
      draft.notes.add(UNKNOWN);
      return 0;
    }
    if (!option.takesArgument) {
      state(draft, option, true);
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest === '') return takeArgument(draft, option, next);
    state(draft, option, rest);
    return 0;
  }
  return 0;
}

function takeArgument(draft: Draft, option: Option, value: string | undefined): number {
  if (value === undefined) draft.notes.add(INCOMPLETE);
  else state(draft, option, value);
  return 1;
}

function state({ options, urls, notes }: Draft, { name }: Option, value: string | boolean): void {
  const note = value === false ? undefined : leftOut.get(name);
  if (note !== undefined) notes.add(note);
  else if (name === 'url' && typeof value === 'string') urls.push(value);
  else options.push({ name, value });
}
