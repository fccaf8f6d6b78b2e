import type { Variable } from '../../collection/model.ts';
import { sealPlain, sealVariable } from '../../collection/seal-literals.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { giveMeaning } from './open-transfer.ts';
import type { ShellCommand } from './shell-commands.ts';

/** What a command assigns for those after it: `NAME=value` on a line of its own, or behind `export`. */
export function assignmentsOf({ words, assignments }: ShellCommand): readonly (readonly [string, string])[] {
  if (words.length === 0) return assignments;
  return words[0] === 'export' ? exported(words) : [];
}

function exported(words: readonly string[]): (readonly [string, string])[] {
  return words.slice(1).flatMap((word): [string, string][] => {
    const equals = word.indexOf('=');
    return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)]] : [];
  });
}

/** Of a text that is a header, up to its value. */
const HEADER = /^([A-Za-z][\w-]*):[ \t]*/;

/** An assignment as a variable; the text of one that holds credentials, whatever its name, is a secret. */
export function toVariable([name, value]: readonly [string, string], holdsCredentials: boolean): Variable {
  const [start = '', header = ''] = HEADER.exec(value) ?? [];
  const isHeader = isSensitiveName(header) || header.toLowerCase() === 'cookie';
  const isNamed = isSensitiveName(name);
  const secret = holdsCredentials || isNamed || isHeader;
  return { name, value: giveMeaning(seal()), enabled: true, secret };

  function seal(): Template {
    if (holdsCredentials) return sealVariable(value, 'marked');
    if (isNamed) return sealVariable(value, 'named');
    return isHeader ? [...lexTemplate(start), ...sealVariable(value.slice(start.length), 'marked')] : sealPlain(value);
  }
}
