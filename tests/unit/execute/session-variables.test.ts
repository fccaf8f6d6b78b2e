import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { lexSealed, lexTemplate, plainTemplate, templateText } from '../../../shared/template/lex.ts';
import type { Template } from '../../../shared/template/template.ts';
import type { SessionPlace, SessionVariable } from '../../../src/execute/ports.ts';
import {
  createSessionVariables,
  environmentInSession,
  NOBODY,
  withSession,
} from '../../../src/execute/session-variables.ts';
import { variables } from '../template/scope-of.ts';

const DEV: SessionPlace = { layer: 'environment', owner: 'dev' };
const GLOBALS: SessionPlace = { layer: 'globals', owner: NOBODY };

const set = (place: SessionPlace, name: string, value: string | Template) => ({
  ...place,
  variable: { name, value: typeof value === 'string' ? plainTemplate(value) : value },
});
const texts = (list: readonly { readonly name: string; readonly value: Template | undefined }[]) =>
  list.map(({ name, value }) => `${name}=${value && templateText(value)}`);

describe('what scripts wrote', () => {
  it('P10: is seen by its caller alone', () => {
    const session = createSessionVariables();
    session.write('one', [set(DEV, 'a', '1')]);
    session.write('two', [set(DEV, 'a', '2'), set(GLOBALS, 'b', '3')]);
    expect(texts(session.read('one', DEV))).toEqual(['a=1']);
    expect(session.read('one', GLOBALS)).toEqual([]);
    expect(session.read('three', DEV)).toEqual([]);
  });

  it('is kept by layer and owner', () => {
    const session = createSessionVariables();
    const places: SessionPlace[] = [
      DEV,
      { ...DEV, owner: 'prod' },
      { ...DEV, layer: 'collection' },
      { ...DEV, layer: 'runtime' },
    ];
    session.write(
      'one',
      places.map((place, index) => set(place, 'a', String(index))),
    );
    expect(places.map((place) => texts(session.read('one', place)))).toEqual([['a=0'], ['a=1'], ['a=2'], ['a=3']]);
  });

  it('is as written last, where it was written last', () => {
    const session = createSessionVariables();
    session.write('one', [set(DEV, 'a', '1'), set(DEV, 'b', '2')]);
    session.write('one', [
      set(DEV, 'a', '3'),
      { ...DEV, variable: { name: 'b', value: undefined } },
      set(DEV, 'c', '4'),
    ]);
    expect(texts(session.read('one', DEV))).toEqual(['a=3', 'b=undefined', 'c=4']);
  });

  const many = (count: number, chars = 1) =>
    Array.from({ length: count }, (_, index) => set(DEV, `v${index}`, 'x'.repeat(chars)));
  const shared: Template = [
    { kind: 'derived', operation: { name: 'concat' }, inputs: [plainTemplate('x'.repeat(limits.sessionChars / 4))] },
  ];
  it.each([
    ['as many variables as there may be', many(limits.sessionVariables), true],
    ['one more', many(limits.sessionVariables + 1), false],
    ['as many characters as there may be', many(4, limits.sessionChars / 4 - 2), true],
    ['one more than that', [...many(4, limits.sessionChars / 4 - 2), set(DEV, 'w', '')], false],
    ['the same again', [...many(4, limits.sessionChars / 4 - 2), ...many(4, limits.sessionChars / 4 - 2)], true],
    [
      'a computation that is used often counts each time',
      [set(DEV, 'd', [...shared, ...shared, ...shared, ...shared])],
      false,
    ],
    ['a sealed text counts', [set(DEV, 's', lexSealed('x'.repeat(limits.sessionChars)))], false],
  ])('P12: %s', (_, writes, expected) => {
    const session = createSessionVariables();
    session.write('one', [set(GLOBALS, '', '')]);
    const before = createSessionVariables();
    const written = before.write('one', writes);
    expect(written.ok).toBe(expected);
    if (written.ok) return;
    expect(written.failure.code).toBe('SCRIPT/OUTPUT_LIMIT');
    expect(before.read('one', DEV)).toEqual([]);
  });

  it('P12: what is refused leaves what was there', () => {
    const session = createSessionVariables();
    session.write('one', [set(DEV, 'v0', 'kept')]);
    expect(session.write('one', many(limits.sessionVariables + 1)).ok).toBe(false);
    expect(texts(session.read('one', DEV))).toEqual(['v0=kept']);
    expect(session.write('two', many(limits.sessionVariables)).ok).toBe(true);
  });

  it('P12: of too many callers the one that was idle longest is forgotten', () => {
    const session = createSessionVariables();
    for (let caller = 0; caller < limits.sessionCallers; caller += 1) session.write(`c${caller}`, [set(DEV, 'a', '1')]);
    session.read('c0', DEV);
    session.write('new', [set(DEV, 'a', '1')]);
    const held = (caller: string) => session.read(caller, DEV).length === 1;
    expect(['c0', 'c1', 'c2', 'new'].map(held)).toEqual([true, false, true, true]);
  });

  it('P12: who only reads takes no place', () => {
    const session = createSessionVariables();
    session.write('one', [set(DEV, 'a', '1')]);
    for (let caller = 0; caller <= limits.sessionCallers; caller += 1) session.read(`c${caller}`, DEV);
    expect(session.read('one', DEV)).toHaveLength(1);
  });
});

describe('variables of the files with what scripts wrote', () => {
  const FILES = variables([
    ['a', 'file'],
    ['off', 'x', 'off'],
    ['a', 'file again'],
    ['key', 'S3CR3T', 'sealed'],
    ['b', 'file'],
  ]);
  const written = (name: string, value: Template | undefined): SessionVariable => ({ name, value });
  it.each<[string, readonly SessionVariable[], readonly string[]]>([
    ['nothing', [], ['a=file', 'off=x', 'a=file again', 'key=[secret]', 'b=file']],
    ['another value', [written('a', plainTemplate('new'))], ['off=x', 'key=[secret]', 'b=file', 'a=new']],
    ['none any more', [written('a', undefined)], ['off=x', 'key=[secret]', 'b=file']],
    [
      'one that was disabled',
      [written('off', plainTemplate('new'))],
      ['a=file', 'off=x', 'a=file again', 'key=[secret]', 'b=file', 'off=new'],
    ],
    [
      'a secret stays one',
      [written('key', plainTemplate('new'))],
      ['a=file', 'off=x', 'a=file again', 'b=file', 'key=[secret]'],
    ],
    [
      'its references stay',
      [written('key', lexTemplate('{{vault:K}}'))],
      ['a=file', 'off=x', 'a=file again', 'b=file', 'key={{vault:K}}'],
    ],
  ])('%s', (_, session, expected) => {
    const merged = withSession(FILES, session);
    expect(texts(merged)).toEqual(expected);
    for (const { name, enabled, written: isWritten } of merged) {
      const byScript = session.some((each) => each.name === name) && enabled;
      expect(isWritten).toBe(byScript ? true : undefined);
    }
  });

  it.each<[string, Template, boolean]>([
    ['text', plainTemplate('x'), false],
    ['a variable', lexTemplate('{{x}}'), false],
    ['a sealed text', lexSealed('x'), true],
    ['a captured value', [{ kind: 'captured', name: 'a_1' }], true],
    ['a computation', [{ kind: 'derived', operation: { name: 'upper' }, inputs: [[]] }], true],
  ])('one with %s is a secret or not', (_, value, secret) => {
    expect(withSession([], [{ name: 'x', value }])).toMatchObject([{ name: 'x', enabled: true, secret }]);
  });

  it('an environment has its own, a file of globals what is global', () => {
    const session = createSessionVariables();
    session.write('one', [set(DEV, 'a', 'dev'), set(GLOBALS, 'a', 'global')]);
    const environment = { id: 'dev', name: 'Dev', file: 'f', variables: [] };
    const of = (kind: 'environment' | 'globals', caller = 'one') =>
      texts(environmentInSession({ ...environment, kind }, caller, session));
    expect([of('environment'), of('globals'), of('environment', 'two')]).toEqual([['a=dev'], ['a=global'], []]);
  });
});
