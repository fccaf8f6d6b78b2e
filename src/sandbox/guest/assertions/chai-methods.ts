// What Bruno adds to chai: `json`, `jsonSchema`, `jsonBody`, a `match` for whatever can be text, and the two of chai-string that its
// assertions need.
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { textOf } from '../bruno/given.ts';
import { chai, type Subject, type Tools } from './chai.ts';
import { valueAtPath } from './json-path.ts';

/** Adds them to the chai of this run. */
export function addChaiMethods(): void {
  chai.use(({ Assertion }, tools) => addAll(Assertion, tools));
}

function addAll(Assertion: typeof chai.Assertion, { inspect: shown, eql }: Tools): void {
  Assertion.addProperty('json', function (this: Subject) {
    const subject = this._obj;
    const isJson = Array.isArray(subject) || Object.prototype.toString.call(subject) === '[object Object]';
    this.assert(isJson, `expected ${shown(subject)} to be JSON`, `expected ${shown(subject)} not to be JSON`);
  });
  Assertion.addMethod('match', function (this: Subject, pattern: unknown) {
    const holds = this._obj !== undefined && pattern instanceof RegExp && pattern.test(textOf(this._obj));
    this.assert(
      holds,
      `expected ${shown(this._obj)} to match ${String(pattern)}`,
      `expected ${shown(this._obj)} not to match ${String(pattern)}`,
    );
  });
  Assertion.addMethod('jsonSchema', function (this: Subject, schema: unknown, options: unknown) {
    assertSchema(this, schema, options);
  });
  Assertion.addMethod('jsonBody', function (this: Subject, ...wanted: readonly unknown[]) {
    assertBody(this, wanted, { shown, eql });
  });
  for (const name of ['startWith', 'startsWith', 'endWith', 'endsWith']) {
    const isStart = name.startsWith('start');
    Assertion.addMethod(name, function (this: Subject, part: unknown) {
      const subject = this._obj;
      const isText = typeof subject === 'string' && typeof part === 'string';
      const holds = isText && (isStart ? subject.startsWith(part) : subject.endsWith(part));
      const verb = isStart ? 'start with' : 'end with';
      const sides = [String(subject), String(part)] as const;
      this.assert(
        holds,
        `expected ${sides[0]} to ${verb} ${sides[1]}`,
        `expected ${sides[0]} not to ${verb} ${sides[1]}`,
      );
    });
  }
}

// Made once, with what it compiles of its own, since that takes longer than most schemas.
const plainAjv = createAjv({});
void plainAjv.validateSchema({});

function createAjv(options: object): Ajv {
  const ajv = new Ajv({ allErrors: true, logger: false, ...options });
  formats.default(ajv);
  return ajv;
}

const DRAFT_7 = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;

function assertSchema(subject: Subject, schema: unknown, options: unknown): void {
  const stated = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema.$schema : undefined;
  if (typeof stated === 'string' && !DRAFT_7.test(stated)) {
    const message = `Unsupported JSON Schema version: "${stated}". Bruno supports draft 7.`;
    subject.assert(false, message, message);
  }
  const ajv = typeof options === 'object' && options !== null ? createAjv(options) : plainAjv;
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema as object);
  } catch (thrown) {
    const message = `JSON schema compile error: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    subject.assert(false, message, message);
    return;
  }
  const holds = validate(subject._obj);
  subject.assert(
    holds,
    `expected #{this} to match JSON schema, validation errors: ${JSON.stringify(validate.errors ?? 'none')}`,
    'expected #{this} to not match JSON schema',
  );
}

interface Comparison {
  readonly shown: (value: unknown) => string;
  readonly eql: (one: unknown, other: unknown) => boolean;
}

/** Nothing: is an object or a list. An object: equals it. A path: is there, and equals the value where one is given. */
function assertBody(subject: Subject, wanted: readonly unknown[], { shown, eql }: Comparison): void {
  const body = subject._obj;
  const [first, value] = wanted;
  const say = (holds: boolean, what: string): void =>
    subject.assert(holds, `expected ${shown(body)} to ${what}`, `expected ${shown(body)} not to ${what}`);
  if (wanted.length === 0) {
    say(typeof body === 'object' && body !== null, 'be a JSON body');
  } else if (wanted.length === 1 && typeof first === 'object' && first !== null) {
    say(eql(body, first), `deeply equal ${shown(first)}`);
  } else {
    const at = valueAtPath(body, String(first));
    const isEqual = at.found && (wanted.length === 1 || eql(at.value, value));
    say(isEqual, `have ${shown(first)}${wanted.length === 1 ? '' : ` equal to ${shown(value)}`}`);
  }
}
