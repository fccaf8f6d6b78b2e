import type { BodyTemplate, PartTemplate, RequestTemplate } from '../../collection/model.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { languageTypes, methodsWithoutBody } from '../../request/plan-body.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { readBody } from './read-body.ts';
import { isHandler } from './scripts.ts';

export interface WrittenBody {
  /** Headers that the body needs and the request does not state. */
  readonly headers: readonly string[];
  readonly text: string;
  /** Whether the Content-Type of the request itself gives way. */
  readonly ownsType?: boolean;
}

const NONE: WrittenBody = { headers: [], text: '' };
const FORM = 'application/x-www-form-urlencoded';
/** What would be read as the name of a file. */
const FILE_LINE = /^\s*<@?[\w-]*\s+\S/;
/** The same where a line can start with a tag. */
const FILE_LINE_OF_MARKUP = /^\s*<(?:@[\w-]*)?\s+\S/;
const BOUNDARY = 'keyward-boundary';

/** The body as the clients read it back; one whose lines would mean something else to them is a loss. */
export function writeBody(template: RequestTemplate, lose: (what: string) => void): WrittenBody {
  const { body, method, settings } = template;
  if (body.kind === 'none') return NONE;
  if (methodsWithoutBody.has(method) && !settings.disableBodyPruning) {
    lose('A body that is not sent with this method is left out.');
    return NONE;
  }
  const read = asRead(template);
  const written = bodyOf(read, lose);
  const lines = written.text.split('\n');
  const misread = /^###/m.test(written.text) || lines.some(isHandler);
  const fileLine = isMarkup(template) ? FILE_LINE_OF_MARKUP : FILE_LINE;
  const canHold = read.kind === 'raw' || read.kind === 'graphql';
  const holdsFile = canHold && lines.some((line) => fileLine.test(line));
  if (misread || holdsFile) {
    lose('A body with a line that the format gives another meaning is left out.');
    return NONE;
  }
  if (written.text.trim() !== written.text) lose('Blanks around the body are left out.');
  if (read.kind === 'multipart') return { ...written, ownsType: true };
  return { text: written.text.trim(), headers: written.headers.filter((line) => !isStated(template, line)) };
}

function isStated({ headers }: RequestTemplate, line: string): boolean {
  const name = line.slice(0, line.indexOf(':')).toLowerCase();
  return headers.some((header) => header.enabled && templateText(header.name).toLowerCase() === name);
}

/** A text as the clients take it by its content type: a form or a multipart form is one however it is stored. */
function asRead(template: RequestTemplate): BodyTemplate {
  const { body } = template;
  if (body.kind !== 'raw') return body;
  const { body: read } = readBody(unix(templateText(body.text)).trim(), {
    contentType: contentTypeOf(template),
    graphql: false,
  });
  return read.kind === 'urlencoded' || read.kind === 'multipart' ? read : body;
}

function isMarkup(template: RequestTemplate): boolean {
  const { body } = template;
  const type = contentTypeOf(template) || (body.kind === 'raw' ? typeOf(body.language) : '');
  return /xml|html/i.test(type);
}

function contentTypeOf({ headers }: RequestTemplate): string {
  const stated = headers.find(({ name, enabled }) => enabled && templateText(name).toLowerCase() === 'content-type');
  return stated ? templateText(stated.value) : '';
}

function bodyOf(body: BodyTemplate, lose: (what: string) => void): WrittenBody {
  switch (body.kind) {
    case 'none':
      return NONE;
    case 'raw':
      return { headers: [`Content-Type: ${typeOf(body.language)}`], text: unix(templateText(body.text)) };
    case 'file':
      return { headers: [], text: `< ${templateText(body.path)}` };
    case 'urlencoded':
      return { headers: [`Content-Type: ${FORM}`], text: formText(body) };
    case 'multipart':
      return {
        headers: [`Content-Type: multipart/form-data; boundary=${BOUNDARY}`],
        text: partsText(body.parts, lose),
      };
    case 'graphql':
      if (body.operationName) lose('The name of a GraphQL operation is left out.');
      return {
        headers: ['Content-Type: application/json', 'X-Request-Type: GraphQL'],
        text: [templateText(body.query).trim(), templateText(body.variables).trim()]
          .filter(Boolean)
          .map(unix)
          .join('\n\n'),
      };
  }
}

function typeOf(language: string | undefined): string {
  return languageTypes.get(language ?? 'text') ?? 'text/plain';
}

function unix(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function formText({ fields }: Extract<BodyTemplate, { kind: 'urlencoded' }>): string {
  const pairs = fields.filter(({ enabled }) => enabled).map(({ name, value }) => `${encoded(name)}=${encoded(value)}`);
  return pairs.join('&\n');
}

function encoded(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? encodeComponent(part.text) : templateText([part]))).join('');
}

function partsText(parts: readonly PartTemplate[], lose: (what: string) => void): string {
  const enabled = parts.filter((part) => part.enabled);
  return [...enabled.flatMap((part) => partLines(part, lose)), `--${BOUNDARY}--`].join('\n');
}

function partLines(part: PartTemplate, lose: (what: string) => void): string[] {
  const name = parameter(part.name);
  const type = part.contentType ? [`Content-Type: ${templateText(part.contentType)}`] : [];
  const head = (fileName: string): string[] => [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="${name}"${fileName}`,
    ...type,
    '',
  ];
  if (part.kind === 'text') {
    const value = unix(templateText(part.value));
    if (!value.split('\n').some((line) => FILE_LINE.test(line) || line.startsWith(`--${BOUNDARY}`))) {
      return [...head(''), value];
    }
    lose('A form part with a line that the format gives another meaning is left out.');
    return [];
  }
  if (part.paths.length === 0) lose('A form part whose file nobody chose is left out.');
  return part.paths.flatMap((path) => {
    const text = templateText(path);
    const fileName = part.fileName ? parameter(part.fileName) : text.slice(text.lastIndexOf('/') + 1);
    return [...head(`; filename="${fileName}"`), `< ${text}`];
  });
}

function parameter(template: Template): string {
  return templateText(template).replace(/["\r\n]/g, encodeComponent);
}
