// How a script sees templates, and how what it writes becomes templates again. A live reference carries the nonce of its execution:
// `{{vault:KEY_kw…}}`. What others wrote (answers, an agent's values) cannot know it, so that `{{…}}` in it stays text for ever.
// Where a server learns the nonce all the same, it has only the names that the same phase was shown or named itself: any other is none.
// A text that holds a part of the nonce outside of a whole reference is what is left of a secret, and is never sent.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { plainTemplate } from '../template/lex.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { createDerivedValues } from './derived-values.ts';
import type { ScriptDerived, ScriptNamed } from './job.ts';
import { createLiveNames } from './live-names.ts';
import { createMarkBudget } from './mark-budget.ts';
import { createNonceSearch } from './nonce-spellings.ts';

export interface LiveText {
  readonly nonce: string;
  /** A template as a script sees it, the same each time; nothing of a secret is in it. */
  show(template: Template): string;
  /** Source code, with the references that are written in it made live. */
  source(code: string): string;
  /** A redacted text, with the given `{{captured:NAME}}` in it made live; everything else in it stays text. */
  answer(text: string, isCaptured: (name: string) => boolean): string;
  /** What a script gave back; undefined where it took a secret's reference apart. */
  read(text: string): Template | undefined;
  /** Makes known what a script asked for by name. */
  admit(named: readonly ScriptNamed[]): void;
  /**
   * Makes the results of computations over secrets known. Failures: SCRIPT/SECRET_TAKEN_APART where an input is none or depends on
   * itself; SCRIPT/NOT_COMPUTED beyond the limits.
   */
  learn(derived: readonly ScriptDerived[]): Result<void>;
  /** For people: references without their nonce. */
  plain(text: string): string;
  /** Whether secrets may still be looked for in another text: see mark-budget.ts. */
  affords(text: string): boolean;
}

/** How a reference reads after toUpperCase or toLowerCase: its mark tells. */
export type LetterCase = 'as-is' | 'upper' | 'lower';

/** What stands in code, between braces of its own, is none: it has a ";", "=" or "(". */
const WRITTEN = /\{\{([^{}\s'"`;=(][^{}\n'"`;=(]*)\}\}/g;
const CAPTURED = /\{\{captured:([A-Za-z0-9_.-]{1,80})\}\}/g;
const CUT_MARK = /_kw(?:([a-z0-9]{2,})|k?(?=…))/gi;

/** For one phase of one execution. `unguessable`: 16 or more of `a-z0-9`. */
export function createLiveText(unguessable: string): LiveText {
  // With a capital a text in lower case can be told from one that was never changed.
  const references = new References(`K${unguessable}`);
  return {
    nonce: references.nonce,
    show: (template) => references.show(template),
    source: (code) => references.source(code),
    answer: (text, isCaptured) =>
      text.replace(CAPTURED, (whole, name: string) => (isCaptured(name) ? references.captured(name) : whole)),
    read: (text) => references.read(text),
    admit: (named) => references.admit(named),
    learn(derived) {
      for (const each of derived) {
        const learned = references.learn(each);
        if (!learned.ok) return learned;
      }
      return ok(undefined);
    },
    plain: (text) => references.plain(text),
    affords: createMarkBudget(),
  };
}

class References {
  readonly nonce: string;
  readonly #names = createLiveNames();
  readonly #derived = createDerivedValues();
  readonly #mark: string;
  readonly #cases: ReadonlyMap<string, LetterCase>;
  readonly #live: RegExp;
  readonly #marks: RegExp;
  readonly #holdsRest: (text: string) => boolean;

  constructor(nonce: string) {
    const mark = `_kw${nonce}`;
    this.nonce = nonce;
    this.#mark = mark;
    this.#cases = new Map([
      [mark, 'as-is'],
      [mark.toUpperCase(), 'upper'],
      [mark.toLowerCase(), 'lower'],
    ]);
    // The characters behind the mark of a result in Base64 tell what was made of it: see derived-values.ts.
    this.#live = new RegExp(String.raw`\{\{([^{}]*?)(${mark})([+-][/_])?\}\}(=?)`, 'gi');
    this.#marks = new RegExp(`${mark}(?:[+-][/_])?`, 'gi');
    this.#holdsRest = createNonceSearch(nonce);
  }

  live(name: string): string {
    return `{{${name}${this.#mark}}}`;
  }

  captured(name: string): string {
    this.#names.addWritten(`captured:${name}`);
    return this.live(`captured:${name}`);
  }

  admit(named: readonly ScriptNamed[]): void {
    for (const { name, of } of named) {
      // What was read out of a reference is no more than that one.
      if (of === undefined || this.#names.find(of, 'as-is')) this.#names.addWritten(name);
    }
  }

  show(template: Template): string {
    let text = '';
    for (const part of template) text += part.kind === 'text' ? part.text : this.live(this.#names.nameOf(part));
    return text;
  }

  source(code: string): string {
    return code.replace(WRITTEN, (whole, name: string) => (this.#names.addWritten(name) ? this.live(name) : whole));
  }

  read(text: string): Template | undefined {
    if (!this.#holdsRest(text)) return plainTemplate(text);
    const template: TemplatePart[] = [];
    let from = 0;
    for (const match of text.matchAll(this.#live)) {
      const [whole, name = '', found = '', signs, pad = ''] = match;
      const before = text.slice(from, match.index);
      const part = this.#partOf(name, found, signs, pad);
      if (part === undefined || (before !== '' && this.#holdsRest(before))) return undefined;
      template.push(...plainTemplate(before), part);
      // "=" behind a reference that is no result in Base64 is the script's own.
      from = match.index + whole.length - (signs === undefined ? pad.length : 0);
    }
    const rest = text.slice(from);
    return this.#holdsRest(rest) ? undefined : [...template, ...plainTemplate(rest)];
  }

  learn({ id, operation, inputs }: ScriptDerived): Result<void> {
    const templates = inputs.map((input) => this.read(input));
    return templates.every((template) => template !== undefined)
      ? this.#derived.add(id, { operation, inputs: templates })
      : err(failure('SCRIPT/SECRET_TAKEN_APART', { place: 'a computation' }));
  }

  plain(text: string): string {
    const nonce = this.nonce.toLowerCase();
    // What cuts a text for people, as assertions do, may cut within a mark.
    return text
      .replace(this.#marks, '')
      .replace(CUT_MARK, (whole, rest?: string) => (nonce.startsWith(rest?.toLowerCase() ?? '') ? '' : whole));
  }

  #partOf(name: string, found: string, signs: string | undefined, pad: string): TemplatePart | undefined {
    const letters = this.#cases.get(found);
    if (letters === undefined) return undefined;
    if (/^derived:/i.test(name)) return this.#derived.find(name, letters, signs, pad);
    const part = signs === undefined ? this.#names.find(name, letters) : undefined;
    if (part === undefined || letters === 'as-is') return part;
    return { kind: 'derived', operation: { name: letters }, inputs: [[part]] };
  }
}
