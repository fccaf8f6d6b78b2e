import type { Field, RequestTemplate } from '../../collection/model.ts';
import { type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import type { OpenapiDocument } from './document.ts';
import { joinText } from './join-text.ts';
import { createOpening, type Opening, own } from './opening.ts';
import { type OperationUrl, readOperationUrl } from './operation-url.ts';
import { operationOf } from './operations-of.ts';
import { type ParameterField, pairFields, textField } from './parameter-values.ts';
import { effectiveParameters, type Parameter } from './parameters.ts';
import { type RequestBody, readRequestBody, readSwaggerBody } from './request-body.ts';
import { acceptedTypes, readExamples, readResponses } from './responses.ts';
import { type ExtraKey, readSecurity } from './security.ts';

/** Which operation of a document. */
export interface OperationPlace {
  readonly section: 'paths' | 'webhooks';
  /** The path, or the webhook's name. */
  readonly name: string;
  /** Where it is a callback of the operation `of`. */
  readonly callback?: { readonly of: string; readonly name: string; readonly expression: string };
  readonly method: string;
}

/** Builds the whole request; called each time it is wanted, so nothing of it stays in memory. */
export function openOperation(document: OpenapiDocument, at: OperationPlace): RequestTemplate {
  const opening = createOpening(document);
  const item = itemAt(at, opening);
  const operation = opening.resolveObject(operationOf(item, at.method));
  const parameters = effectiveParameters(item, operation, opening);
  const { url, variables } = urlOf(at, { item, operation, parameters }, opening);
  const { body, contentType } = bodyOf(operation, parameters, opening);
  const { auth, extra } = readSecurity(operation, opening);
  const responses = readResponses(operation, opening);
  const accepted = opening.major === 2 ? typesOf('produces', operation, opening) : acceptedTypes(responses);
  const examples = readExamples(responses, opening);
  if (operation.deprecated === true) opening.note('the document marks it as deprecated');
  return {
    ...described(operation, item),
    method: at.method,
    url: { ...url, query: [...url.query, ...extra.filter(inQuery).map(toField)] },
    headers: [
      ...headersOf(parameters, opening, { accepted, contentType }),
      ...cookiesOf(parameters, extra, opening),
      ...extra.filter(({ place }) => place === 'header').map(toField),
    ],
    body,
    auth,
    folderVariables: variables.length > 0 ? [variables] : [],
    scripts: [],
    settings: {},
    examples,
    ...(opening.notes.size > 0 && { notes: [...opening.notes] }),
  };
}

function itemAt({ section, name, callback }: OperationPlace, opening: Opening): JsonObject {
  const item = opening.resolveObject(own(opening.document.root[section], name));
  if (!callback) return item;
  const { callbacks } = opening.resolveObject(operationOf(item, callback.of));
  return opening.resolveObject(own(opening.resolveObject(own(callbacks, callback.name)), callback.expression));
}

interface UrlParts {
  readonly item: JsonObject;
  readonly operation: JsonObject;
  readonly parameters: readonly Parameter[];
}

/** A webhook has no address, and a callback's is for the API to work out. */
function urlOf({ section, name, callback }: OperationPlace, parts: UrlParts, opening: Opening): OperationUrl {
  if (section === 'paths' && !callback) return readOperationUrl({ path: name, ...parts }, opening);
  const address = plainTemplate(callback?.expression ?? '');
  return { url: { address, query: [], pathVariables: [] }, variables: [] };
}

function bodyOf(operation: JsonObject, parameters: readonly Parameter[], opening: Opening): RequestBody {
  if (opening.major === 3) return readRequestBody(operation.requestBody, opening);
  return readSwaggerBody(parameters, typesOf('consumes', operation, opening), opening);
}

/** Swagger 2's lists of media types: the operation's, else the document's. */
function typesOf(list: 'consumes' | 'produces', operation: JsonObject, { document }: Opening): string[] {
  return listOr(operation[list] ?? document.root[list]).filter((type): type is string => typeof type === 'string');
}

interface OwnHeaders {
  readonly accepted: readonly string[];
  readonly contentType: string | undefined;
}

function headersOf(parameters: readonly Parameter[], opening: Opening, { accepted, contentType }: OwnHeaders): Field[] {
  const stated = parameters.filter((each) => each.in === 'header').map((each) => headerField(textField(each, opening)));
  const names = new Set(parameters.map((each) => (each.in === 'header' ? each.name.toLowerCase() : '')));
  const add = (name: string, value: string): Field[] =>
    value === '' || names.has(name.toLowerCase())
      ? []
      : [{ name: plainTemplate(name), value: plainTemplate(value), enabled: true }];
  return [...add('Accept', accepted.join(', ')), ...add('Content-Type', contentType ?? ''), ...stated];
}

function headerField({ name, value, enabled, description }: ParameterField): Field {
  return {
    name: plainTemplate(name),
    value,
    enabled,
    ...(description !== undefined && { description }),
  };
}

/** One Cookie header with all that are sent (RFC 6265, section 5.4), and one of its own for each that is not. */
function cookiesOf(parameters: readonly Parameter[], extra: readonly ExtraKey[], opening: Opening): Field[] {
  const fields = parameters.filter((each) => each.in === 'cookie').flatMap((each) => pairFields(each, opening));
  const sent = [...fields.filter(({ enabled }) => enabled), ...extra.filter(({ place }) => place === 'cookie')];
  const value = sent.flatMap((each, index) => [...plainTemplate(index > 0 ? '; ' : ''), ...cookiePair(each)]);
  const off = fields.filter(({ enabled }) => !enabled);
  return [
    ...(value.length > 0 ? [{ name: plainTemplate('Cookie'), value: joinText(value), enabled: true }] : []),
    ...off.map((each) => headerField({ ...each, name: 'Cookie', value: cookiePair(each) })),
  ];
}

function cookiePair({ name, value }: { readonly name: string; readonly value: Template }): Template {
  return [...plainTemplate(`${name}=`), ...value];
}

const inQuery = ({ place }: ExtraKey): boolean => place === 'query';

function toField({ name, value }: ExtraKey): Field {
  return { name: plainTemplate(name), value, enabled: true };
}

function described(operation: JsonObject, item: JsonObject): { readonly description?: string } {
  const stated = [operation.summary ?? item.summary, operation.description ?? item.description];
  const texts = stated.map((text) => textOf(text).trim()).filter((text) => text !== '');
  return texts.length > 0 ? { description: [...new Set(texts)].join('\n\n') } : {};
}
