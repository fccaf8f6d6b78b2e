import { templateText } from '../../template/lex.ts';
import type { Template, TemplatePart } from '../../template/template.ts';

const BARE = /^[A-Za-z0-9_/:.,@%+-][A-Za-z0-9_/:.,@%+=-]*$/;

/**
 * A template as one word of POSIX sh (IEEE Std 1003.1 section 2.2): text in single quotes, a reference to a name that a
 * shell variable can have as `"${NAME}"`, every other one as it is written elsewhere, `{{name}}`. NUL cannot stand in a word.
 */
export function quoteWord(template: Template): string {
  const pieces: string[] = [];
  let text = '';
  for (const part of template) {
    const name = shellName(part);
    if (name === undefined) {
      text += templateText([part]);
      continue;
    }
    if (text !== '') pieces.push(quoteText(text));
    pieces.push(`"\${${name}}"`);
    text = '';
  }
  if (text !== '' || pieces.length === 0) pieces.push(quoteText(text));
  return pieces.join('');
}

function quoteText(text: string): string {
  if (BARE.test(text)) return text;
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}

function shellName(part: TemplatePart): string | undefined {
  if (part.kind !== 'reference') return undefined;
  const [only, ...others] = part.name;
  const plain = only?.kind === 'text' && others.length === 0 ? only.text : '';
  return isShellName(plain) ? plain : undefined;
}

/** Whether a shell variable can have this name. */
export function isShellName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
