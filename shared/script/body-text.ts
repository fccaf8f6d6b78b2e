// Bodies as scripts see them, and back. Which file goes out is the files' word alone: a script may leave one in its place or out.
import type { BodyTemplate, PartTemplate } from '../collection/model.ts';
import { sealBody, sealField } from '../collection/seal-literals.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { Template } from '../template/template.ts';
import { formRules, readFields, showAgentText, showFields, toFields, toScriptFields } from './field-text.ts';
import type { ScriptBody, ScriptPart } from './job.ts';
import type { LiveText } from './live-text.ts';
import { readBack, readSealed } from './read-back.ts';

const NONE: BodyTemplate = { kind: 'none' };

export function showBody(body: BodyTemplate, live: LiveText): ScriptBody {
  switch (body.kind) {
    case 'none':
      return { kind: 'none' };
    case 'raw':
      return {
        kind: 'raw',
        text: live.show(body.text),
        ...(body.language !== undefined && { language: body.language }),
      };
    case 'urlencoded':
      return { kind: 'urlencoded', fields: toScriptFields(showFields(body.fields, {}, live, formRules)) };
    case 'multipart':
      return { kind: 'multipart', parts: body.parts.map((part) => showPart(part, live)) };
    case 'file':
      return { kind: 'file', path: live.show(body.path) };
    case 'graphql':
      return {
        kind: 'graphql',
        query: live.show(body.query),
        variables: live.show(body.variables),
        ...(body.operationName && { operationName: live.show(body.operationName) }),
      };
  }
}

function showPart(part: PartTemplate, live: LiveText): ScriptPart {
  const { enabled } = part;
  const name = live.show(part.name);
  if (part.kind === 'file') return { kind: 'file', name, paths: part.paths.map((path) => live.show(path)), enabled };
  const contentType = part.contentType && { contentType: live.show(part.contentType) };
  return { kind: 'text', name, value: live.show(part.value), enabled, ...contentType };
}

/** The text that an agent gave for the body, in the terms of the saved one. A multipart body cannot be replaced, which planning says. */
export function showAgentBody(text: string, saved: BodyTemplate, live: LiveText): ScriptBody {
  const shown = showAgentText(text, live);
  switch (saved.kind) {
    case 'multipart':
      return showBody(saved, live);
    case 'urlencoded':
      return { kind: 'urlencoded', fields: pairsOf(shown) };
    case 'graphql':
      return graphqlOf(shown) ?? { kind: 'raw', text: shown, language: 'json' };
    case 'raw':
      return { kind: 'raw', text: shown, ...(saved.language !== undefined && { language: saved.language }) };
    case 'none':
    case 'file':
      return { kind: 'raw', text: shown, ...(/^\s*[[{]/.test(text) && { language: 'json' }) };
  }
}

function pairsOf(form: string) {
  const pairs = form === '' ? [] : form.split('&');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return { name: decodeForm(name), value: decodeForm(value), enabled: true };
  });
}

function graphqlOf(text: string): ScriptBody | undefined {
  const value = parseObject(text);
  if (value === undefined || typeof value.query !== 'string') return undefined;
  const { query, variables, operationName } = value;
  return {
    kind: 'graphql',
    query,
    variables: variables === undefined ? '' : JSON.stringify(variables),
    ...(typeof operationName === 'string' && { operationName }),
  };
}

/** Reads a body that is not as saved. Failures: SCRIPT/SECRET_TAKEN_APART, SCRIPT/UNSUPPORTED for a file that the saved one has not. */
export function readScriptBody(body: ScriptBody, live: LiveText, saved: BodyTemplate = NONE): Result<BodyTemplate> {
  switch (body.kind) {
    case 'none':
      return ok(NONE);
    case 'raw': {
      const text = readSealed(body.text, live, 'body', sealBody);
      const language = body.language === undefined ? undefined : { language: live.plain(body.language) };
      return text.ok ? ok({ kind: 'raw', text: text.value, ...language }) : text;
    }
    case 'urlencoded': {
      const stated = saved.kind === 'urlencoded' ? saved.fields : [];
      const fields = readFields(body.fields, { fields: stated, changes: {} }, live, formRules);
      return fields.ok ? ok({ kind: 'urlencoded', fields: toFields(fields.value) }) : fields;
    }
    case 'multipart':
      return readParts(body.parts, live, saved);
    case 'file': {
      const path = savedPaths(saved).find((each) => live.show(each) === body.path);
      return path ? ok({ kind: 'file', path }) : otherFile();
    }
    case 'graphql':
      return readGraphql(body, live);
  }
}

function readGraphql(body: Extract<ScriptBody, { kind: 'graphql' }>, live: LiveText): Result<BodyTemplate> {
  const query = readSealed(body.query, live, 'GraphQL query', sealBody);
  if (!query.ok) return query;
  const variables = readSealed(body.variables, live, 'GraphQL variables', sealBody);
  if (!variables.ok) return variables;
  const name = body.operationName;
  const operation = name === undefined ? ok(undefined) : readBack(name, live, 'GraphQL operation name');
  if (!operation.ok) return operation;
  return ok({
    kind: 'graphql',
    query: query.value,
    variables: variables.value,
    ...(operation.value && { operationName: operation.value }),
  });
}

function readParts(given: readonly ScriptPart[], live: LiveText, saved: BodyTemplate): Result<BodyTemplate> {
  const stated = saved.kind === 'multipart' ? saved.parts : [];
  const known = new Map(stated.map((part) => [JSON.stringify(showPart(part, live)), part]));
  const parts: PartTemplate[] = [];
  for (const each of given) {
    const same = known.get(JSON.stringify(each));
    const read = same ? ok(same) : readPart(each, live, saved);
    if (!read.ok) return read;
    parts.push(read.value);
  }
  return ok({ kind: 'multipart', parts });
}

function readPart(part: ScriptPart, live: LiveText, saved: BodyTemplate): Result<PartTemplate> {
  const place = `field ${part.name}`;
  const name = readBack(part.name, live, `name of the ${place}`);
  if (!name.ok) return name;
  const { enabled } = part;
  if (part.kind === 'file') {
    const stated = savedPaths(saved);
    const paths = part.paths.map((path) => stated.find((each) => live.show(each) === path));
    if (!paths.every((path) => path !== undefined)) return otherFile();
    return ok({ kind: 'file', name: name.value, paths, enabled });
  }
  const value = readSealed(part.value, live, place, (text) => sealField(live.plain(part.name), text));
  if (!value.ok) return value;
  const type =
    part.contentType === undefined ? ok(undefined) : readBack(part.contentType, live, `type of the ${place}`);
  if (!type.ok) return type;
  return ok({
    kind: 'text',
    name: name.value,
    value: value.value,
    enabled,
    ...(type.value && { contentType: type.value }),
  });
}

function savedPaths(saved: BodyTemplate): readonly Template[] {
  if (saved.kind === 'file') return [saved.path];
  return saved.kind === 'multipart' ? saved.parts.flatMap((part) => (part.kind === 'file' ? part.paths : [])) : [];
}

function otherFile(): Result<never> {
  return err(failure('SCRIPT/UNSUPPORTED', { api: 'a file that the saved request does not send' }));
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
