// Bodies as Postman's runtime builds them: which methods carry one, which content type each kind gets, what is left out.
import type { BodyTemplate, Field, PartTemplate, RequestSettings } from '../collection/model.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { displayRendered, renderTemplate, renderTraced, type Scope } from '../template/render.ts';
import type { Rendered, Template } from '../template/template.ts';
import { agentPieces, type CapturedLookup } from './agent-text.ts';
import { judgeTextNames } from './body-names.ts';
import { planGraphql } from './graphql-body.ts';
import { judgeHeaderValue } from './header-policy.ts';
import { planJsonText } from './json-text.ts';
import { mediaTypeOf } from './media-types.ts';
import { FIELD_NAME, judgeName } from './misplaced-secret.ts';
import type { PlannedBody, PlannedHeader, PlannedPart } from './plan.ts';
import { headersNamed } from './plan-headers.ts';
import { plainText, renderPlain } from './render-plain.ts';

/** A file that a body names. */
export interface Attachment {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export interface BodyContext {
  readonly method: string;
  readonly headers: readonly PlannedHeader[];
  readonly settings: RequestSettings;
  readonly scope: Scope;
  readonly readAttachment: (path: string) => Result<Attachment>;
}

// postman-runtime's METHODS_WITHOUT_BODY.
export const methodsWithoutBody: ReadonlySet<string> = new Set(['GET', 'COPY', 'HEAD', 'PURGE', 'UNLOCK']);

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const TEXT = 'text/plain';
export const languageTypes: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html'],
  ['json', JSON_TYPE],
  ['javascript', 'application/javascript'],
  ['sparql', 'application/sparql-query'],
  ['text', TEXT],
  ['xml', 'application/xml'],
]);

/**
 * Plans the body. `override` is the agent's text: sent as it is, under the content type that the body has. Failures: those of
 * rendering, REQUEST/BODY_INVALID, REQUEST/BODY_TOO_LARGE, REQUEST/FILE_UNAVAILABLE, SECRET/PLACE_NOT_ALLOWED.
 */
export function planBody(body: BodyTemplate, override: string | undefined, context: BodyContext): Result<PlannedBody> {
  const isPruned = methodsWithoutBody.has(context.method) && !context.settings.disableBodyPruning;
  if (isPruned)
    return override === undefined ? ok({ kind: 'none' }) : invalid(`a ${context.method} request carries none`);
  const planned =
    override === undefined ? planKind(body, context) : replaceBody(body, override, context.scope.captured);
  if (!planned.ok) return planned;
  if (sizeOf(planned.value) > limits.requestBodyBytes) return tooLarge();
  const judged = judgeTextNames(planned.value, context.headers);
  return judged.ok ? planned : judged;
}

/** Whether planning this body reads files. */
export function namesFiles(body: BodyTemplate): boolean {
  return body.kind === 'file' || (body.kind === 'multipart' && body.parts.some(({ kind }) => kind === 'file'));
}

/** Headers that go with a body: a form sets its own Content-Type where the request's does not fit it. */
export function fitHeaders(headers: readonly PlannedHeader[], body: PlannedBody): readonly PlannedHeader[] {
  if (body.kind !== 'urlencoded' && body.kind !== 'multipart') return headers;
  const fits = (header: PlannedHeader) =>
    header.name.toLowerCase() !== 'content-type' ||
    (body.kind === 'urlencoded' && /^application\/x-www-form-urlencoded\b/.test(displayRendered(header.value)));
  return headers.filter(fits);
}

function planKind(body: BodyTemplate, context: BodyContext): Result<PlannedBody> {
  switch (body.kind) {
    case 'none':
      return ok({ kind: 'none' });
    case 'raw':
      return planRaw(body.text, body.language, context);
    case 'urlencoded':
      return planForm(body.fields, context.scope);
    case 'multipart':
      return planMultipart(body.parts, context);
    case 'file':
      return planFile(body.path, context);
    case 'graphql':
      return planGraphql(body, context.scope);
  }
}

function planRaw(template: Template, language: string | undefined, context: BodyContext): Result<PlannedBody> {
  const rendered = renderTemplate(template, context.scope);
  if (!rendered.ok) return rendered;
  if (rendered.value.length === 0) return ok({ kind: 'none' });
  const text = isJson(language, context.headers) ? planJsonText(rendered.value) : rendered.value;
  return ok({ kind: 'text', text, contentType: languageTypes.get(language ?? 'text') ?? TEXT });
}

function isJson(language: string | undefined, headers: readonly PlannedHeader[]): boolean {
  if (language !== undefined) return language === 'json';
  const [header] = headersNamed(headers, 'content-type');
  return header !== undefined && /^application\/(\S+\+)?json/.test(displayRendered(header.value));
}

function planForm(fields: readonly Field[], scope: Scope): Result<PlannedBody> {
  const planned: { name: Rendered; value: Rendered }[] = [];
  for (const field of fields) {
    if (!field.enabled) continue;
    const name = renderName(field.name, scope);
    if (!name.ok) return name;
    const value = renderTemplate(field.value, scope);
    if (!value.ok) return value;
    planned.push({ name: name.value, value: value.value });
  }
  return ok(planned.length === 0 ? { kind: 'none' } : { kind: 'urlencoded', fields: planned });
}

function planMultipart(parts: readonly PartTemplate[], context: BodyContext): Result<PlannedBody> {
  const planned: (readonly PlannedPart[])[] = [];
  const bounded = { ...context, readAttachment: withinOneBody(context.readAttachment) };
  for (const part of parts) {
    if (!part.enabled) continue;
    const made = part.kind === 'text' ? planTextPart(part, context.scope) : planFileParts(part, bounded);
    if (!made.ok) return made;
    planned.push(made.value);
  }
  return ok(planned.length === 0 ? { kind: 'none' } : { kind: 'multipart', parts: planned.flat() });
}

function renderName(template: Template, scope: Scope): Result<Rendered> {
  const name = renderTemplate(template, scope);
  const judged = name.ok ? judgeName(name.value, FIELD_NAME) : name;
  return judged.ok ? name : judged;
}

/** A file that is named often is read once, and all of them together have to fit into one body. */
function withinOneBody(read: BodyContext['readAttachment']): BodyContext['readAttachment'] {
  const known = new Map<string, Result<Attachment>>();
  let left = limits.requestBodyBytes;
  return (path) => {
    const found = known.get(path) ?? read(path);
    known.set(path, found);
    if (found.ok) left -= found.value.bytes.length;
    return left < 0 ? tooLarge() : found;
  };
}

function planTextPart(part: Extract<PartTemplate, { kind: 'text' }>, scope: Scope): Result<readonly PlannedPart[]> {
  const name = renderName(part.name, scope);
  if (!name.ok) return name;
  const value = renderTemplate(part.value, scope);
  if (!value.ok) return value;
  const type = planPartType(part.contentType, scope);
  if (!type.ok) return type;
  return ok([{ kind: 'text', name: name.value, value: value.value, ...type.value }]);
}

function planFileParts(
  part: Extract<PartTemplate, { kind: 'file' }>,
  context: BodyContext,
): Result<readonly PlannedPart[]> {
  const { scope } = context;
  const name = renderName(part.name, scope);
  if (!name.ok) return name;
  const type = planPartType(part.contentType, scope);
  if (!type.ok) return type;
  const given = part.fileName ? renderPlain(part.fileName, scope, 'file name') : undefined;
  if (given && !given.ok) return given;
  const files: PlannedPart[] = [];
  for (const path of part.paths) {
    const file = readFile(path, context);
    if (!file.ok) return file;
    const contentType = type.value.contentType ?? mediaTypeOf(file.value.fileName);
    const fileName = given?.value ?? file.value.fileName;
    files.push({ kind: 'file', name: name.value, fileName, bytes: file.value.bytes, contentType });
  }
  // A part whose file nobody chose is sent as an empty file without a name, as a browser does.
  const empty = {
    kind: 'file',
    name: name.value,
    fileName: given?.value ?? '',
    bytes: new Uint8Array(),
    ...type.value,
  } as const;
  return ok(files.length > 0 ? files : [empty]);
}

function planPartType(template: Template | undefined, scope: Scope): Result<{ contentType?: string }> {
  if (!template || template.length === 0) return ok({});
  const type = renderPlain(template, scope, 'content type of a part');
  if (!type.ok) return type;
  const judged = judgeHeaderValue('Content-Type', type.value);
  return judged.ok ? ok({ contentType: type.value }) : judged;
}

function planFile(path: Template, context: BodyContext): Result<PlannedBody> {
  if (path.length === 0) return ok({ kind: 'none' });
  const file = readFile(path, context);
  if (!file.ok) return file;
  return ok({ kind: 'bytes', bytes: file.value.bytes, contentType: mediaTypeOf(file.value.fileName) });
}

function readFile(path: Template, { scope, readAttachment }: BodyContext): Result<Attachment> {
  const traced = renderTraced(path, scope);
  if (!traced.ok) return traced;
  // Which file of the operator's disk goes out is the files' word alone.
  if (traced.value.fromAgent) {
    const problem = 'a variable given takes part in the path of a file, which stays as saved';
    return err(failure('INPUT/INVALID', { problem }));
  }
  const text = plainText(traced.value.rendered, 'path of a file');
  return text.ok ? readAttachment(text.value) : text;
}

function replaceBody(body: BodyTemplate, text: string, captured: CapturedLookup): Result<PlannedBody> {
  if (text.length > limits.requestBodyBytes) return tooLarge();
  if (body.kind === 'multipart') return invalid('a multipart body cannot be replaced by a text');
  if (text === '') return ok({ kind: 'none' });
  const contentType = typeOfReplaced(body, text);
  const pieces = agentPieces(text, captured, contentType === FORM ? 'form' : undefined);
  if (!pieces.ok) return pieces;
  const holdsSecret = pieces.value.some(({ kind }) => kind !== 'text');
  const inJson = holdsSecret && contentType === JSON_TYPE;
  return ok({ kind: 'text', text: inJson ? planJsonText(pieces.value) : pieces.value, contentType });
}

function typeOfReplaced(body: BodyTemplate, text: string): string {
  if (body.kind === 'urlencoded') return FORM;
  if (body.kind === 'graphql') return JSON_TYPE;
  if (body.kind === 'raw' && body.language !== undefined) return languageTypes.get(body.language) ?? TEXT;
  return /^\s*[[{]/.test(text) ? JSON_TYPE : TEXT;
}

/** Bytes at least: a character is counted as one, a secret not at all. */
function sizeOf(body: PlannedBody): number {
  switch (body.kind) {
    case 'none':
      return 0;
    case 'bytes':
      return body.bytes.length;
    case 'text':
      return displayRendered(body.text).length;
    case 'urlencoded':
      return body.fields.reduce((size, { value }) => size + displayRendered(value).length, 0);
    case 'multipart':
      return body.parts.reduce(
        (size, part) => size + (part.kind === 'file' ? part.bytes.length : displayRendered(part.value).length),
        0,
      );
  }
}

function tooLarge(): Result<never> {
  return err(failure('REQUEST/BODY_TOO_LARGE', { limitBytes: limits.requestBodyBytes }));
}

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/BODY_INVALID', { problem }));
}
