// chai, as far as it is used here: https://www.chaijs.com/api/plugins/
import library from 'chai';

/** What chai calls `this` in a method of an assertion. */
export interface Subject {
  readonly _obj: unknown;
  assert(holds: boolean, message: string, negated: string, expected?: unknown, actual?: unknown): void;
}

interface Assertion {
  addProperty(name: string, get: (this: Subject) => void): void;
  addMethod(name: string, method: (this: Subject, ...values: readonly unknown[]) => void): void;
  addChainableMethod(
    name: string,
    method: (this: Subject, ...values: readonly unknown[]) => void,
    get: (this: Subject) => void,
  ): void;
}

export interface Tools {
  inspect(value: unknown): string;
  eql(one: unknown, other: unknown): boolean;
  /** What an assertion carries; it is set where a value is given. */
  flag(subject: Subject, name: string, value?: unknown): unknown;
}

interface Chai {
  readonly Assertion: Assertion;
  readonly assert: { fail(message: string): never };
  expect(value: unknown): object;
  use(plugin: (chai: Chai, tools: Tools) => void): void;
}

export const chai = library as Chai;
