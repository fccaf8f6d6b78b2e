import type { Example } from '../../collection/model.ts';
import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { redactSavedBody } from '../../collection/seal-literals.ts';
import { preferredMediaType } from './media-types.ts';
import { type Opening, own } from './opening.ts';

const MAX_EXAMPLES = 10;
const MAX_ACCEPTED = 5;

/** The answers that an operation describes, references followed: status or range, in file order. */
export function readResponses(operation: JsonObject, opening: Opening): readonly (readonly [string, JsonObject])[] {
  const stated = objectOr(operation.responses);
  const keys = Object.keys(stated).filter((key) => /^(?:[1-5](?:\d\d|XX)|default)$/i.test(key));
  return keys.map((key) => [key, opening.resolveObject(stated[key])]);
}

/** What a client of the operation asks for: the media types of its good answers. */
export function acceptedTypes(responses: readonly (readonly [string, JsonObject])[]): string[] {
  const good = responses.filter(([key]) => key.startsWith('2'));
  const types = (good.length > 0 ? good : responses).flatMap(([, { content }]) => Object.keys(objectOr(content)));
  return [...new Set(types)].slice(0, MAX_ACCEPTED);
}

/** The examples that the file has for answers; none are made up. Sensitive fields in them are redacted. */
export function readExamples(responses: readonly (readonly [string, JsonObject])[], opening: Opening): Example[] {
  return responses
    .flatMap(([key, response]) => statedExamples(response, opening).map((each) => toExample(key, response, each)))
    .slice(0, MAX_EXAMPLES);
}

interface StatedExample {
  readonly name: string;
  readonly value: unknown;
}

function statedExamples(response: JsonObject, opening: Opening): StatedExample[] {
  if (opening.major === 2) {
    const examples = objectOr(response.examples);
    const type = preferredMediaType(Object.keys(examples));
    return type === undefined ? [] : admitted([{ name: '', value: own(examples, type) }], opening);
  }
  const content = objectOr(response.content);
  const type = preferredMediaType(Object.keys(content));
  const mediaType = opening.resolveObject(type === undefined ? undefined : own(content, type));
  if (mediaType.example !== undefined) return admitted([{ name: '', value: mediaType.example }], opening);
  const named = Object.entries(objectOr(mediaType.examples)).slice(0, MAX_EXAMPLES);
  return admitted(
    named.map(([name, stated]) => {
      const { summary, value } = opening.resolveObject(stated);
      return { name: textOf(summary) || name, value };
    }),
    opening,
  );
}

function admitted(examples: readonly StatedExample[], opening: Opening): StatedExample[] {
  return examples.filter(({ value }) => value !== undefined && opening.admit(value));
}

function toExample(key: string, response: JsonObject, { name, value }: StatedExample): Example {
  const status = Number(key);
  const shown = name || textOf(response.description).split('\n', 1)[0] || key;
  const text =
    typeof value === 'string'
      ? value
      : isObject(value) || Array.isArray(value)
        ? JSON.stringify(value, null, 2)
        : textOf(value);
  return {
    name: shown,
    ...(Number.isInteger(status) && { status }),
    headers: [],
    ...(text !== '' && { body: redactSavedBody(text) }),
  };
}
