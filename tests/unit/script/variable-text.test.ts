// P6: variables as scripts see them, and what scripts write.
import { describe, expect, it } from 'vitest';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { readWrite, showVariables } from '../../../shared/script/variable-text.ts';
import { lexTemplate, templateText } from '../../../shared/template/lex.ts';
import { variables } from '../template/scope-of.ts';

const open = () => createLiveText('0123456789abcdef0123456789abcdef');

describe('the variables of a layer', () => {
  it('are the enabled ones, of one name the last, secrets as references', () => {
    const live = open();
    const shown = showVariables(
      variables([
        ['a', 'first'],
        ['token', 'S3CR3T', 'sealed'],
        ['a', '{{b}}'],
        ['off', 'x', 'off'],
      ]),
      live,
    );
    expect(shown.map(({ name, value }) => [name, live.plain(value)])).toEqual([
      ['a', '{{b}}'],
      ['token', '{{secret:1}}'],
    ]);
  });

  it('keep what was no string', () => {
    const live = open();
    const [variable] = variables([['n', '{"a":"{{b}}"}']]);
    const shown = showVariables(variable ? [{ ...variable, json: variable.value }] : [], live);
    expect(shown.map(({ json }) => live.plain(json ?? ''))).toEqual(['{"a":"{{b}}"}']);
  });
});

describe('P1: what a script writes', () => {
  it.each([
    ['page', 'a {{dead}}', undefined, 'a {{dead}}', undefined],
    ['page', '5', '5', '5', '5'],
    ['access_token', 'own-1', undefined, '[secret]', undefined],
    ['access_token', 'https://hooks.test/own-1', undefined, 'https://hooks.test[secret]', undefined],
    ['password', '1234', '1234', '[secret]', undefined],
    ['token', 'true', 'true', 'true', 'true'],
    ['token', 'null', 'null', 'null', 'null'],
    ['tokens', '17', '17', '17', '17'],
    [
      'login',
      '{"user":"a","password":"own-1"}',
      '{"user":"a","password":"own-1"}',
      '{"user":"a","password":"[secret]"}',
      '{"user":"a","password":"[secret]"}',
    ],
    ['login', '{"password":1234}', '{"password":1234}', '{"password":[secret]}', undefined],
  ])('%s = %s', (name, value, json, expected, expectedJson) => {
    const written = readWrite({ name, value, ...(json !== undefined && { json }) }, open());
    if (!written.ok) throw new Error(written.failure.code);
    expect(templateText(written.value.value ?? [])).toBe(expected);
    expect(written.value.json && templateText(written.value.json)).toBe(expectedJson);
  });

  it('keeps references, also in what was no string', () => {
    const live = open();
    const text = `{"a":"${live.show(lexTemplate('{{vault:KEY}}'))}"}`;
    const written = readWrite({ name: 'x', value: text, json: text }, live);
    const template = lexTemplate('{"a":"{{vault:KEY}}"}');
    expect(written).toEqual({ ok: true, value: { name: 'x', value: template, json: template } });
    expect(JSON.stringify(written)).not.toContain(live.nonce);
  });

  it('may take a variable away', () => {
    expect(readWrite({ name: 'x', value: null }, open())).toEqual({ ok: true, value: { name: 'x', value: undefined } });
  });

  it.each([['value'], ['json']] as const)('is refused where a reference in its %s was taken apart', (field) => {
    const live = open();
    const apart = live.show(lexTemplate('{{vault:KEY}}')).slice(4);
    const written = readWrite({ name: 'x', value: 'a', [field]: apart }, live);
    expect(written).toMatchObject({ failure: { code: 'SCRIPT/SECRET_TAKEN_APART', facts: { place: 'variable x' } } });
  });
});
