// Every way in which scripts run differently from newman, and why. A difference without a row fails the test; in the run over all
// scripts a row without a difference does, too.
import type { ScriptDifference } from './postman-scripts-compare.ts';

export interface ScriptDifferenceRow {
  readonly what: string;
  readonly why: string;
  readonly covers: (difference: ScriptDifference) => boolean;
}

export const scriptDifferences: readonly ScriptDifferenceRow[] = [
  {
    what: 'the words of an error that the engine throws',
    why: 'QuickJS and V8 word them differently; the kind of error is the same',
    covers: ({ part, newman, keyward }) =>
      (part === 'error' || part === 'message') && isEngines(newman) && kindOf(newman) === kindOf(keyward),
  },
  {
    what: 'a function that a script stores',
    why: 'only text is kept between scripts: newman keeps an empty object of it, we its source',
    covers: ({ part, newman, keyward }) =>
      part === 'variable' && newman === '{}' && /^"(?:async )?function\b/.test(keyward),
  },
  {
    what: 'undefined that a script stores',
    why: 'it is kept as the empty text, as newman itself sends it',
    covers: ({ part, newman, keyward }) => part === 'variable' && newman === 'undefined' && keyward === '""',
  },
  {
    what: 'a reference in braces that a script writes and compares with an answer',
    why: 'references in the source of a script are live: they are never equal to text that a server sent',
    covers: ({ part, where, newman, keyward }) =>
      (part === 'test' || part === 'message') &&
      /substitution/.test(where) &&
      `${newman} ${keyward}` === (part === 'test' ? 'passed failed' : ' expected false to be truthy'),
  },
];

/** Scripts that are not compared. */
export const leftOut: readonly { readonly what: string; readonly is: (source: string) => boolean }[] = [
  {
    what: "newman's own tests of SugarJS, which it adds to the prototypes of the language; only has() is used by others",
    is: (source) => /SugarJS working|Array prototype none/.test(source),
  },
];

function isEngines(message: string): boolean {
  return /Cannot read properties of|is not defined|is not a function|Unexpected token/.test(message);
}

/** `TypeError` of `TypeError: x is not a function`; newman's JSONError is a SyntaxError. */
function kindOf(message: string): string {
  return (/^(\w+): /.exec(message)?.[1] ?? '').replace('JSONError', 'SyntaxError');
}
