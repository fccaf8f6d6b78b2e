import type { BodyTemplate, Field } from '../../collection/model.ts';
import { sealBody, sealField } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { changeOutside, cutOutside, maskReferences } from '../outside-references.ts';
import { linesOf } from './blocks.ts';
import { readMultipart } from './multipart-text.ts';
import { isHandler } from './scripts.ts';

export interface BodyText {
  readonly text: string;
  /** Offset of what is done with the answer. */
  readonly handlers: number;
}

/** The text of the body: from an offset to the first line that is about the answer, without empty lines around it. */
export function bodyText(text: string, start: number, end: number): BodyText {
  let handlers = end;
  for (const line of linesOf(text, start, end)) {
    if (!isHandler(line.text)) continue;
    handlers = line.start;
    break;
  }
  const body = text.slice(start, handlers).replace(/^(?:[ \t]*\n)+/, '');
  return { text: body.trimEnd(), handlers };
}

export interface BodyOf {
  readonly contentType: string;
  readonly graphql: boolean;
}

export interface ReadBody {
  readonly body: BodyTemplate;
  readonly notes: readonly string[];
}

const WHOLE_FILE = /^<(@?)[\w-]*[ \t]+(\S.*)$/;
const NOT_REPLACED = 'Variables in the file that is the body are not replaced';

/** The body as its content type says. */
export function readBody(text: string, { contentType, graphql }: BodyOf): ReadBody {
  if (text === '') return { body: { kind: 'none' }, notes: [] };
  const file = text.includes('\n') ? null : WHOLE_FILE.exec(text);
  if (file) {
    const path = lexTemplate((file[2] ?? '').trim());
    return { body: { kind: 'file', path }, notes: file[1] === '@' ? [NOT_REPLACED] : [] };
  }
  if (graphql) return { body: readGraphql(text), notes: [] };
  const form = /^application\/x-www-form-urlencoded/i.test(contentType) ? readForm(text) : undefined;
  if (form) return { body: form, notes: [] };
  const boundary = /^multipart\/form-data\b.*;\s*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const multipart = boundary === undefined ? undefined : readMultipart(text, boundary.trim());
  if (multipart) return multipart;
  return { body: { kind: 'raw', text: withFiles(text, contentType) }, notes: [] };
}

/** A query, and its variables as a JSON object behind the last empty line. */
function readGraphql(text: string): BodyTemplate {
  const at = lastGap(text);
  const query = at === -1 ? text : text.slice(0, at).trimEnd();
  const variables = at === -1 ? '' : text.slice(at).trim();
  return { kind: 'graphql', query: withFiles(query, ''), variables: withFiles(variables, '') };
}

function lastGap(text: string): number {
  for (let at = text.lastIndexOf('\n{'); at > 0; at = text.lastIndexOf('\n{', at - 1)) {
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    if (line.trim() === '') return at + 1;
  }
  return -1;
}

/** A longer text is no form that a person wrote; it is sent as it stands. */
const MAX_FORM_CHARS = 256 * 1024;

/** Lines are joined, as the clients do, and a field that is encoded already is decoded, so that it is not encoded twice. */
function readForm(text: string): BodyTemplate | undefined {
  if (text.length > MAX_FORM_CHARS) return undefined;
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.some((line) => FILE_LINE.test(line))) return undefined;
  const joined = lines.join('');
  const pairs = splitOutside(joined, '&').filter((pair) => pair !== '');
  if (pairs.length === 0 || !pairs.every((pair) => FIELD.test(maskReferences(pair)))) return undefined;
  const fields = pairs.map((pair): Field => {
    const [stated, given = ''] = cutOutside(pair, '=');
    const name = decode(stated);
    return { name: lexTemplate(name), value: sealField(name, decode(given)), enabled: true };
  });
  return { kind: 'urlencoded', fields };
}

// Any other text is sent as it stands.
const FIELD = /^[^\s{}"<>=]*=/;

function splitOutside(text: string, separator: string): string[] {
  const mask = maskReferences(text);
  const parts: string[] = [];
  let from = 0;
  for (let at = mask.indexOf(separator); at !== -1; at = mask.indexOf(separator, from)) {
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  return [...parts, text.slice(from)];
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  return changeOutside(text, (plain) => {
    try {
      return decodeURIComponent(plain.replaceAll('+', ' '));
    } catch {
      return plain;
    }
  });
}

const FILE_LINE = /^<@?[\w-]*[ \t]+[^\s<>][^<>]*$/;
/** The same where a line can start with a tag. */
const FILE_LINE_OF_MARKUP = /^<(?:@[\w-]*)?[ \t]+[^\s<>][^<>]*$/;
const INSERTED = 'a body that joins texts and files is not built';

/** The text, with what a line `< path` would insert marked as not done; in XML and HTML a tag without its end is text. */
function withFiles(text: string, contentType: string): Template {
  if (!/^<@?[\w-]*[ \t]/m.test(text)) return sealBody(text);
  const pattern = /xml|html/i.test(contentType) ? FILE_LINE_OF_MARKUP : FILE_LINE;
  const parts: Template[] = [];
  let plain = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (!pattern.test(line.trimEnd())) {
      plain += line;
      continue;
    }
    parts.push(sealBody(plain), [{ kind: 'unsupported', text: line, problem: INSERTED }]);
    plain = '';
  }
  return [...parts.flat(), ...sealBody(plain)];
}
