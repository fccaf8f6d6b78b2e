import type { BodyTemplate, Field, PartTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { sealBody, sealField } from '../../collection/seal-literals.ts';
import { lexTemplate, plainTemplate } from '../../template/lex.ts';

export interface PostData {
  readonly body: BodyTemplate;
  /** What the body's own Content-Type is, '' where it states none or where the kind of the body settles it. */
  readonly contentType: string;
  readonly notes: readonly string[];
}

const NONE: PostData = { body: { kind: 'none' }, contentType: '', notes: [] };

/**
 * The body of an entry: its text where there is one, because that is what went out, else its parameters as the media type
 * says. Parameters with a file are a multipart form whatever the media type.
 */
export function readPostData(postData: unknown): PostData {
  if (!isObject(postData)) return NONE;
  const mimeType = textOf(postData.mimeType);
  const params = listOr(postData.params).filter(isObject);
  const text = textOf(postData.text);
  const multipart = /^multipart\//i.test(mimeType) || params.some((param) => textOf(param.fileName) !== '');
  if (textOf(postData.encoding).toLowerCase() === 'base64') return encoded(mimeType);
  if (text !== '') return { body: { kind: 'raw', text: sealBody(text) }, contentType: mimeType, notes: [] };
  if (params.length === 0) return NONE;
  return multipart ? readParts(params) : readForm(params);
}

function encoded(mimeType: string): PostData {
  const problem = 'a recorded body in base64 is not decoded';
  const body: BodyTemplate = { kind: 'raw', text: [{ kind: 'unsupported', text: '[base64]', problem }] };
  return { body, contentType: mimeType, notes: [] };
}

function readForm(params: readonly JsonObject[]): PostData {
  const fields = params.map((param): Field => {
    const name = textOf(param.name);
    const value = sealField(name, textOf(param.value));
    return { name: lexTemplate(name), value, enabled: true, ...descriptionOf(param.comment) };
  });
  return { body: { kind: 'urlencoded', fields }, contentType: '', notes: [] };
}

const FILE_NAME_LEFT_OUT = 'The file name of a form part that has its value in the archive is left out';

function readParts(params: readonly JsonObject[]): PostData {
  const named = params.some((param) => textOf(param.fileName) !== '' && textOf(param.value) !== '');
  const notes = named ? [FILE_NAME_LEFT_OUT] : [];
  return { body: { kind: 'multipart', parts: params.map(readPart) }, contentType: '', notes };
}

function readPart(param: JsonObject): PartTemplate {
  const name = textOf(param.name);
  const [value, file, type] = [textOf(param.value), textOf(param.fileName), textOf(param.contentType)];
  const shared = {
    name: lexTemplate(name),
    enabled: true,
    ...(type !== '' && { contentType: plainTemplate(type) }),
    ...descriptionOf(param.comment),
  };
  if (value === '' && file !== '') return { kind: 'file', ...shared, paths: [lexTemplate(file)] };
  return { kind: 'text', ...shared, value: sealField(name, value) };
}
