import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { dynamicNames, isDynamicName } from '../../../shared/template/dynamic-names.ts';
import { createDynamicValues } from '../../../src/execute/dynamic-values.ts';

const oracle = createRequire(import.meta.url)('postman-collection/lib/superstring/dynamic-variables') as Record<
  string,
  { generator(): unknown }
>;

const at = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const sources = { now: () => at, random: Math.random, randomId: () => crypto.randomUUID() };
const draw = <T>(make: () => T): T[] => Array.from({ length: 20 }, make);

/** Forms that a reader of the value may rely on; ours must have each form that all of Postman's values have. */
const forms: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  integer: /^-?\d+$/,
  decimal: /^-?\d+\.\d+$/,
  boolean: /^(?:true|false)$/,
  isoTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  dateText: /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT/,
  phone: /^\d{3}-\d{3}-\d{4}$/,
  phoneExt: /^\d{1,2}-\d{3}-\d{3}-\d{4}$/,
  email: /^[^@\s]+@[^@\s]+\.[a-z]+$/,
  exampleEmail: /@example\.(?:com|net|org)$/,
  url: /^https?:\/\//,
  dataUri: /^data:image\//,
  ipv4: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  ipv6: /^[0-9a-f]{4}(?::[0-9a-f]{4}){7}$/,
  mac: /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/,
  hexColour: /^#[0-9a-f]{6}$/,
  fourDigits: /^\d{4}$/,
  eightDigits: /^\d{8}$/,
  fifteen: /^[0-9A-Za-z]{15}$/,
  oneCharacter: /^[0-9a-z]$/i,
  twoCapitals: /^[A-Z]{2}$/,
  threeCapitals: /^[A-Z]{3}$/,
  absolutePath: /^\/[A-Za-z]/,
  mediaType: /^[a-z]+\/[\w.+-]+$/i,
  semver: /^\d+\.\d+\.\d+$/,
  slug: /^[a-z]+(?:-[a-z]+)+$/,
  weekday: /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$/,
};

describe('dynamic variables', () => {
  it("are the names of Postman's", () => {
    expect([...dynamicNames]).toEqual(Object.keys(oracle));
  });

  it.each(dynamicNames.map((name) => [name]))("%s has the form of Postman's", (name) => {
    const values = createDynamicValues(sources);
    const ours = draw(() => values(name) ?? '');
    const theirs = draw(() => String(oracle[name]?.generator()));
    const expected = Object.entries(forms).filter(([, form]) => theirs.every((value) => form.test(value)));
    const wrong = expected.flatMap(([form, pattern]) =>
      ours.filter((value) => !pattern.test(value)).map((value) => [form, value]),
    );
    expect(wrong).toEqual([]);
    expect(ours.every((value) => value !== '')).toBe(true);
  });

  it('nothing is written to the console', () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const values = createDynamicValues(sources);
    for (const name of dynamicNames) values(name);
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it.each(['$nothing', 'guid', '$Guid', '$constructor', '$__proto__', ''])('%j is none', (name) => {
    expect(isDynamicName(name)).toBe(false);
    expect(createDynamicValues(sources)(name)).toBeUndefined();
  });

  it('clock, randomness and ids are those given', () => {
    const values = createDynamicValues({ now: () => at, random: () => 0.999_999, randomId: () => 'id' });
    const names = ['$timestamp', '$isoTimestamp', '$guid', '$randomUUID', '$randomInt', '$randomBoolean'];
    const expected = ['1770091507', '2026-02-03T04:05:06.789Z', 'id', 'id', '1000', 'false'];
    expect(names.map((name) => values(name))).toEqual(expected);
  });

  it.each([
    ['$randomInt 5 200', 0, '5'],
    ['$randomInt 5 200', 0.999_999, '199'],
    ['$randomInt -10 -5', 0.5, '-8'],
    ['$randomInt 7 7', 0.999_999, '7'],
    ['$randomInt 9 1', 0.999_999, '9'],
    ['$randomInt 1', 0, undefined],
    ['$randomInt 1 2 3', 0, undefined],
    ['$randomInt a b', 0, undefined],
  ])('%j at %d is %j', (name, random, expected) => {
    expect(createDynamicValues({ ...sources, random: () => random })(name)).toBe(expected);
  });

  it('the same randomness gives the same values', () => {
    const name = () => createDynamicValues({ ...sources, random: () => 0.5 })('$randomFullName');
    expect(name()).toBe(name());
  });
});
