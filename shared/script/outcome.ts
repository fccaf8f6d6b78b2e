// What comes out of the sandbox is as untrusted as the script that made it, even where the guest's own code wrote it: strict, and bounded.
import { z } from 'zod';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { derivedOperation } from './derived.ts';
import type { ScriptCall, ScriptOutcome } from './job.ts';
import { jsonMarks } from './json-marks.ts';

const LEVELS = 64;
/** Fields of one list: headers, query parameters, parts. */
const MAX_FIELDS = 5_000;

/** A list that is read to its first wrong item: a problem costs far more than an item, and one of them is told. */
function listOf<T>(item: z.ZodType<T>, most: number) {
  return z
    .array(z.unknown())
    .max(most)
    .transform((values, context): T[] => {
      const items: T[] = [];
      for (const value of values) {
        const read = item.safeParse(value);
        if (!read.success) {
          context.addIssue('unreadable');
          return z.NEVER;
        }
        items.push(read.data);
      }
      return items;
    });
}

const field = z.strictObject({ name: z.string(), value: z.string(), enabled: z.boolean() });
const fields = listOf(field, MAX_FIELDS);
const queryField = z.strictObject({ name: z.string().nullable(), value: z.string().nullable(), enabled: z.boolean() });

const part = z.discriminatedUnion('kind', [
  field.extend({ kind: z.literal('text'), contentType: z.string().exactOptional() }),
  z.strictObject({
    kind: z.literal('file'),
    name: z.string(),
    paths: listOf(z.string(), MAX_FIELDS),
    enabled: z.boolean(),
  }),
]);

const body = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('raw'), text: z.string(), language: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal('urlencoded'), fields }),
  z.strictObject({ kind: z.literal('multipart'), parts: listOf(part, MAX_FIELDS) }),
  z.strictObject({ kind: z.literal('file'), path: z.string() }),
  z.strictObject({
    kind: z.literal('graphql'),
    query: z.string(),
    variables: z.string(),
    operationName: z.string().exactOptional(),
  }),
]);

/** Names are counted before any is read: a record is checked name by name, whatever comes after. */
const authFields = z
  .custom(
    (value) => typeof value === 'object' && value !== null && Object.keys(value).length <= limits.scriptAuthFields,
  )
  .pipe(z.record(z.string(), z.string()));

const request = z.strictObject({
  method: z.string(),
  url: z.strictObject({
    address: z.string(),
    query: listOf(queryField, MAX_FIELDS),
    fragment: z.string().exactOptional(),
    pathVariables: fields,
  }),
  headers: fields,
  body,
  auth: z.strictObject({ type: z.string(), fields: authFields }),
  timeoutMs: z.number().min(0).exactOptional(),
  followRedirects: z.boolean().exactOptional(),
});

const derived = listOf(
  z.strictObject({
    id: z.int().min(0),
    operation: derivedOperation,
    inputs: listOf(z.string(), limits.derivedValues),
  }),
  limits.derivedValues,
);

const named = listOf(
  z.strictObject({ name: z.string(), of: z.string().exactOptional() }),
  limits.scriptWrites,
).exactOptional();

const error = z.strictObject({ name: z.string(), message: z.string(), label: z.string() });

const test = z.strictObject({
  name: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  message: z.string().exactOptional(),
});

const write = z.strictObject({
  layer: z.enum(['local', 'runtime', 'environment', 'collection', 'globals']),
  name: z.string(),
  value: z.string().nullable(),
  json: z.string().exactOptional(),
});

const outcome = z.strictObject({
  tests: listOf(test, limits.scriptTests),
  writes: listOf(write, limits.scriptWrites),
  request: request.exactOptional(),
  derived,
  named,
  console: listOf(
    z.strictObject({ level: z.enum(['log', 'info', 'warn', 'error']), text: z.string() }),
    limits.scriptConsoleLines,
  ),
  visualizer: z.strictObject({ template: z.string(), data: z.unknown().exactOptional() }).exactOptional(),
  next: z.string().nullable().exactOptional(),
  skip: z.boolean(),
  error: error.exactOptional(),
  laterErrors: listOf(error, limits.scriptTests).exactOptional(),
  carried: z.string().exactOptional(),
  unsupported: listOf(z.string(), limits.scriptTests),
});

const call = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('send'), request, derived, named }),
  z.strictObject({ kind: z.literal('run'), request: z.string() }),
]);

/** What scripts gave back. Failure: SCRIPT/OUTPUT_LIMIT, where it is too much or cannot be read. */
export function readScriptOutcome(text: string): Result<ScriptOutcome> {
  return readOutput(text, outcome);
}

/** What a script asks for while it runs. Failure: SCRIPT/OUTPUT_LIMIT, where it is too much or cannot be read. */
export function readScriptCall(text: string): Result<ScriptCall> {
  return readOutput(text, call);
}

/** All that is looked at before it is known to be small is the text itself: this runs where others wait. */
function readOutput<T>(text: string, schema: z.ZodType<T>): Result<T> {
  if (text.length > limits.scriptOutputChars) return refused(`more than ${limits.scriptOutputChars} characters`);
  const bounds = { marks: limits.scriptOutputMarks, levels: LEVELS };
  if (jsonMarks(text, bounds) === undefined)
    return refused(`more than ${bounds.marks} values, or ${bounds.levels} in each other`);
  const json = parseJson(text);
  if (json === undefined) return refused('something that cannot be read');
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  return refused(problemOf(parsed.error));
}

/** Only names of the schema's own: what a script wrote is not repeated. */
function problemOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  const [where] = issue?.path ?? [];
  if (issue?.code === 'too_big') return `more than ${issue.maximum} ${String(where)}`;
  return 'something that cannot be read';
}

function refused(problem: string): Result<never> {
  return err(failure('SCRIPT/OUTPUT_LIMIT', { problem }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
