// Postman's assertions on requests and responses, as its plugin of chai has them, messages included.
import ajv from 'ajv6';
import { chai, type Subject, type Tools } from '../assertions/chai.ts';
import { inspect } from '../inspect.ts';
import { fieldOf, isObject } from './property.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';

interface Validator {
  validate(schema: unknown, data: unknown): boolean;
  readonly errors?: unknown;
  errorsText(): string;
}
const Ajv = ajv as new (options: object) => Validator;

const classes: Readonly<Record<string, number>> = {
  info: 1,
  success: 2,
  redirection: 3,
  clientError: 4,
  serverError: 5,
};
const statuses: Readonly<Record<string, readonly [number, string]>> = {
  accepted: [202, 'Accepted'],
  withoutContent: [204, 'No Content'],
  badRequest: [400, 'Bad Request'],
  unauthorised: [401, 'Unauthorised'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  notFound: [404, 'Not Found'],
  notAcceptable: [406, 'Not Acceptable'],
  rateLimited: [429, 'Too Many Requests'],
};

/** Adds them to the chai of this run. */
export function addPostmanMethods(): void {
  chai.use(({ Assertion }, tools) => {
    addKinds(Assertion);
    addStatus(Assertion, tools);
    addHeaders(Assertion);
    addBody(Assertion, tools);
    addJson(Assertion, tools);
    addSchema(Assertion);
    addMeasures(Assertion, tools);
  });
}

type AssertionClass = typeof chai.Assertion;

function addKinds(Assertion: AssertionClass): void {
  Assertion.addProperty('postmanRequest', function (this: Subject) {
    const is = Request.isRequest(this._obj);
    this.assert(is, 'expecting a postman request object but got #{this}', 'not expecting a postman request object');
  });
  Assertion.addProperty('postmanResponse', function (this: Subject) {
    const is = Response.isResponse(this._obj);
    this.assert(is, 'expecting a postman response object but got #{this}', 'not expecting a postman response object');
  });
  Assertion.addProperty('postmanRequestOrResponse', function (this: Subject) {
    const is = Request.isRequest(this._obj) || Response.isResponse(this._obj);
    const what = 'a postman request or response object';
    this.assert(is, `expecting ${what} but got #{this}`, `not expecting ${what}`);
  });
}

/** A check on what is no response fails, even if it is negated. */
function responseIn(subject: Subject): Response {
  if (subject._obj instanceof Response) return subject._obj;
  return chai.assert.fail(`expecting a postman response object but got ${shown(subject._obj)}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value);
}

function assertClass(subject: Subject, wanted: readonly number[], shown: string): void {
  const { code = 0 } = responseIn(subject);
  subject.assert(
    wanted.includes(Math.floor(code / 100)),
    `expected response code to be ${shown} but found #{act}`,
    `expected response code to not be ${shown}`,
    wanted[0],
    code,
  );
}

function assertCode(subject: Subject, code: number): void {
  subject.assert(
    responseIn(subject).code === code,
    'expected response to have status code #{exp} but got #{act}',
    'expected response to not have status code #{act}',
    code,
    responseIn(subject).code,
  );
}

function assertReason(subject: Subject, reason: unknown, actual: string): void {
  subject.assert(
    actual === reason,
    'expected response to have status reason #{exp} but got #{act}',
    'expected response to not have status reason #{act}',
    reason,
    actual,
  );
}

function addStatus(Assertion: AssertionClass, { flag }: Tools): void {
  for (const [name, digit] of Object.entries(classes)) {
    Assertion.addProperty(name, function (this: Subject) {
      assertClass(this, [digit], `${digit}XX`);
    });
  }
  Assertion.addMethod('statusCodeClass', function (this: Subject, digit: unknown) {
    assertClass(this, [Number(digit)], `${String(digit)}XX`);
  });
  Assertion.addProperty('error', function (this: Subject) {
    assertClass(this, [4, 5], '4XX or 5XX');
  });
  for (const [name, [code, reason]] of Object.entries(statuses)) {
    Assertion.addProperty(name, function (this: Subject) {
      assertReason(this, reason.toUpperCase(), responseIn(this).reason().toUpperCase());
      assertCode(this, code);
    });
  }
  Assertion.addProperty('ok', function (this: Subject) {
    if (this._obj instanceof Response) {
      assertReason(this, 'OK', this._obj.reason().toUpperCase());
      assertCode(this, 200);
    } else {
      this.assert(Boolean(flag(this, 'object')), 'expected #{this} to be truthy', 'expected #{this} to be falsy');
    }
  });
  Assertion.addMethod('status', function (this: Subject, wanted: unknown) {
    if (typeof wanted === 'number') assertCode(this, wanted);
    else assertReason(this, wanted, responseIn(this).reason());
  });
  Assertion.addMethod('statusCode', function (this: Subject, wanted: unknown) {
    assertCode(this, Number(wanted));
  });
  Assertion.addMethod('statusReason', function (this: Subject, wanted: unknown) {
    assertReason(this, String(wanted), responseIn(this).reason());
  });
}

function addHeaders(Assertion: AssertionClass): void {
  const header = function (this: Subject, name: unknown, ...value: readonly unknown[]): void {
    const subject = this._obj;
    if (!(subject instanceof Response || subject instanceof Request)) {
      chai.assert.fail(`expecting a postman request or response object but got ${shown(subject)}`);
    }
    const kind = subject instanceof Request ? 'request' : 'response';
    const { headers } = subject as Request | Response;
    this.assert(
      headers.has(String(name)),
      `expected ${kind} to have header with key '${String(name)}'`,
      `expected ${kind} to not have header with key '${String(name)}'`,
    );
    if (value.length === 0) return;
    const actual = headers.one(name)?.value;
    this.assert(
      actual === value[0],
      `expected '${String(name)}' ${kind} header to be #{exp} but got #{act}`,
      `expected '${String(name)}' ${kind} header to not be #{act}`,
      value[0],
      actual,
    );
  };
  Assertion.addMethod('header', header);
}

function addBody(Assertion: AssertionClass, { eql }: Tools): void {
  const assertContent = (subject: Subject): void => {
    const text = responseIn(subject).text();
    subject.assert(
      typeof text === 'string' && text.length > 0,
      'expected response to have content in body',
      'expected response to not have content in body',
    );
  };
  Assertion.addProperty('withBody', function (this: Subject) {
    assertContent(this);
  });
  Assertion.addMethod('body', function (this: Subject, ...given: readonly unknown[]) {
    const [wanted] = given;
    const response = responseIn(this);
    if (given.length === 0) return assertContent(this);
    if (wanted instanceof RegExp) {
      return this.assert(
        wanted.test(response.text() ?? ''),
        'expected response body text to match #{exp} but got #{act}',
        'expected response body text #{act} to not match #{exp}',
        wanted,
        response.text(),
      );
    }
    const isJson = isObject(wanted) && !Array.isArray(wanted);
    const actual = isJson ? jsonIn(response).value : response.text();
    this.assert(
      eql(actual, wanted),
      `expected response body${isJson ? ' json' : ''} to equal #{exp} but got #{act}`,
      `expected response body${isJson ? ' json' : ''} to not equal #{exp}`,
      wanted,
      actual,
    );
  });
}

function jsonIn(response: Response): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: response.json() };
  } catch (thrown) {
    return { problem: String(fieldOf(thrown, 'message')) };
  }
}

function addJson(Assertion: AssertionClass, { eql }: Tools): void {
  const assertJson = (subject: Subject): void => {
    const { problem } = jsonIn(responseIn(subject));
    subject.assert(
      problem === undefined,
      `expected response body to be a valid json but got error ${problem ?? ''}`,
      'expected response body not to be a valid json',
    );
  };
  Assertion.addProperty('json', function (this: Subject) {
    assertJson(this);
  });
  Assertion.addMethod('jsonBody', function (this: Subject, ...given: readonly unknown[]) {
    const [path, wanted] = given;
    if (given.length === 0) return assertJson(this);
    if (typeof path !== 'string') return;
    const body = jsonIn(responseIn(this)).value;
    const { isThere, value } = atPath(body, path);
    this.assert(
      isThere,
      'expected #{act} in response to contain property #{exp}',
      'expected #{act} in response to not contain property #{exp}',
      path,
      body,
    );
    if (given.length === 1) return;
    this.assert(
      eql(value, wanted),
      `expected response body json at "${path}" to contain #{exp} but got #{act}`,
      `expected response body json at "${path}" to not contain #{exp} but got #{act}`,
      wanted,
      value,
    );
  });
}

function addSchema(Assertion: AssertionClass): void {
  Assertion.addMethod('jsonSchema', function (this: Subject, schema: unknown, options: unknown) {
    if (!isObject(schema)) chai.assert.fail('expected the schema to be an object');
    const data: unknown = this._obj instanceof Response ? this._obj.json() : this._obj;
    const validator = new Ajv({ allErrors: true, logger: false, ...(isObject(options) ? options : {}) });
    const isValid = validator.validate(schema, data);
    this.assert(
      isValid && !validator.errors,
      `expected data to satisfy schema but found following errors: \n${validator.errorsText()}`,
      'expected data to not satisfy schema',
    );
  });
}

/** As lodash's `has` and `get`: `a.b[0].c`, or a name that has these characters itself. */
function atPath(source: unknown, path: string): { readonly isThere: boolean; readonly value?: unknown } {
  if (isObject(source) && Object.hasOwn(source, path)) return { isThere: true, value: source[path] };
  let value = source;
  for (const [, name, quoted] of path.matchAll(/([^.[\]]+)|\[["']([^"']*)["']\]/g)) {
    const key = name ?? quoted ?? '';
    if (!isObject(value) || !Object.hasOwn(value, key)) return { isThere: false };
    value = value[key];
  }
  return { isThere: path !== '', value };
}

function addMeasures(Assertion: AssertionClass, { flag, eql }: Tools): void {
  const measure = (name: string, read: (response: Response) => unknown): void => {
    const check = function (this: Subject, ...wanted: readonly unknown[]): void {
      const actual = flag(this, 'number');
      if (wanted.length === 0) return;
      this.assert(
        eql(actual, wanted[0]),
        `expected response to have a valid ${name} but got #{act}`,
        `expected response to not have a valid ${name} but got #{act}`,
        wanted[0],
        actual,
      );
    };
    Assertion.addChainableMethod(name, check, function (this: Subject) {
      const value = read(responseIn(this));
      flag(this, 'number', value);
      flag(this, 'object', value);
    });
  };
  measure('responseTime', (response) => response.responseTime);
  measure('responseSize', (response) => response.size().total);
}
