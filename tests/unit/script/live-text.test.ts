// P6: what a script sees of templates, and what becomes of what it gives back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { reveal } from '../../../shared/secret/reveal.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { lexSealed, lexTemplate, plainTemplate } from '../../../shared/template/lex.ts';
import { renderTemplate } from '../../../shared/template/render.ts';
import type { Rendered, Template, TemplatePart } from '../../../shared/template/template.ts';
import { handle, lookupIn, scopeOf, shown, variables } from '../template/scope-of.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const open = () => createLiveText(NONCE);
const SECRET = 'S3CR3T-value-of-a-file';

const scope = () =>
  scopeOf({
    environment: variables([
      ['base', 'https://api.test'],
      ['env', 'prod'],
      ['key_prod', 'nested'],
      ['a"b\\c', 'odd'],
      ['50% off', 'percent'],
      ['token_kw', 'kw'],
      ['captured:mine', 'a variable'],
      ['secret:1', 'another variable'],
      ['größe 🗝', 'unicode'],
    ]),
    handles: lookupIn([handle('KEY'), handle('captured:access_1')]),
    captured: (name) => (name === 'access_1' ? handle('captured:access_1') : undefined),
  });

/** Everything that is sent, secrets included. */
function sent(template: Template): string {
  const rendered = renderTemplate(template, scope());
  return rendered.ok ? opened(rendered.value) : rendered.failure.code;
}

function opened(rendered: Rendered): string {
  return rendered.map((piece) => (piece.kind === 'inline' ? `<${reveal(piece.value)}>` : shown([piece]))).join('');
}

const REFERENCE: TemplatePart = { kind: 'reference', name: plainTemplate('base') };
const TEMPLATES: readonly (readonly [what: string, template: Template])[] = [
  ['nothing', []],
  ['text', plainTemplate('a {{b}} { {{ }} _kw')],
  ['a variable', lexTemplate('{{base}}/x')],
  ['a handle', lexTemplate('Bearer {{vault:KEY}}')],
  ['a dialect’s handle', [{ kind: 'handle', names: ['KEY'] }]],
  [
    'handles of one name with other values',
    [
      { kind: 'handle', names: ['NONE'], otherwise: lexSealed('first') },
      { kind: 'handle', names: ['NONE'], otherwise: lexSealed('second') },
    ],
  ],
  ['a captured value', [{ kind: 'captured', name: 'access_1' }]],
  ['a variable that is called like one', lexTemplate('{{captured:mine}}')],
  ['a variable that is called like a number of ours', lexTemplate('{{secret:1}} {{base}}')],
  ['a sealed text', lexSealed(SECRET)],
  ['one variable, in a sensitive place and elsewhere', [...lexSealed('{{base}}'), ...lexTemplate(' {{base}}')]],
  ['a nested name', lexTemplate('{{key_{{env}}}}')],
  ['a name with a quote and a backslash', lexTemplate('{{a"b\\c}}')],
  ['a name with a percent sign', lexTemplate('{{50% off}}')],
  ['a name that ends like a mark', lexTemplate('{{token_kw}}')],
  ['a name in another script', lexTemplate('{{größe 🗝}}')],
  [
    'a computation',
    [{ kind: 'derived', operation: { name: 'encode', to: 'base64' }, inputs: [lexTemplate('{{vault:KEY}}')] }],
  ],
  ['what is not computed', [{ kind: 'unsupported', text: '{% x %}', problem: 'a tag' }]],
  [
    'braces beside references',
    [...plainTemplate('{'), REFERENCE, ...plainTemplate('}'), REFERENCE, ...plainTemplate('=')],
  ],
];

describe('P6: a template that a script gives back', () => {
  it.each(TEMPLATES)('is sent as it was: %s', (_, template) => {
    const live = open();
    const text = live.show(template);
    expect(text).not.toContain(SECRET);
    for (const back of [text, JSON.parse(JSON.stringify(text)), JSON.parse(JSON.stringify({ text })).text]) {
      expect(sent(live.read(back) ?? [])).toBe(sent(template));
    }
  });

  it.each(TEMPLATES)('keeps its references where it is written as JSON: %s', (_, template) => {
    const live = open();
    const json = JSON.stringify(live.show(template));
    const references = (each: Template | undefined) => sent((each ?? []).filter(({ kind }) => kind !== 'text'));
    expect(references(live.read(json))).toBe(references(template));
  });

  it('shows the same part in the same way', () => {
    const live = open();
    const template = [...lexSealed('one'), ...lexSealed('two')];
    expect(live.show(template)).toBe(live.show(template));
    expect(new Set(live.show(template).match(/secret:\d/g)).size).toBe(2);
  });

  it('is what it was, whatever its parts and texts (property)', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', 'a', '_kw', '=', '+/', '"', '\\', NONCE.slice(0, 7)) });
    const name = fc.constantFrom('base', 'env', 'vault:KEY', '50% off', 'a"b\\c', 'captured:mine', 'key_{{env}}');
    const part = fc.oneof(
      text.map((each): Template => plainTemplate(each)),
      name.map((each) => lexTemplate(`{{${each}}}`)),
      name.map((each) => lexSealed(`x{{${each}}}`)),
      fc.constant<Template>([{ kind: 'captured', name: 'access_1' }]),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const live = open();
        const template = parts.flat();
        expect(sent(live.read(live.show(template)) ?? [])).toBe(sent(template));
      }),
    );
  });
});

describe('P6: what others wrote', () => {
  it('is text, whatever it holds (property)', () => {
    const live = open();
    live.show([...lexSealed('x'), ...lexTemplate('{{vault:KEY}}')]);
    const unit = fc.constantFrom(
      '{{',
      '}}',
      'vault:KEY',
      'secret:1',
      'captured:access_1',
      'derived:1',
      '_kw',
      'K',
      '012345',
      '+/',
      '=',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(live.read(text)).toEqual(plainTemplate(text));
      }),
    );
  });

  it('becomes no reference beside one', () => {
    const live = open();
    const reference = live.show(lexTemplate('{{base}}'));
    for (const text of ['{{vault:KEY', '{{vault:KEY_kw', '{{', '{{{', '{{vault:KEY}}', '{{secret:1_kw']) {
      expect(live.read(`${text}${reference}`)).toEqual([...plainTemplate(text), REFERENCE]);
      expect(live.read(`${reference}${text}`)).toEqual([REFERENCE, ...plainTemplate(text)]);
    }
  });

  it.each(['{{vault:OTHER}}', '{{y_api_key}}', '{{captured:other_1}}', '{{process.env.OTHER}}'])(
    'names nothing that was not shown, even with the mark: %s',
    (text) => {
      const live = open();
      live.show(lexTemplate('{{vault:KEY}} {{base}}'));
      live.answer('{{captured:other_1}}', () => false);
      expect(live.read(text.replace('}}', `_kw${live.nonce}}}`))).toBeUndefined();
    },
  );

  it('names what the script asked for, and what it read out of a reference only where that one is known', () => {
    const live = open();
    live.source("'{{process.env.MINE}}'");
    live.admit([
      { name: 'vault:ASKED' },
      { name: 'vault:MINE', of: 'process.env.MINE' },
      { name: 'vault:OTHER', of: 'process.env.OTHER' },
      { name: 'secret:1' },
    ]);
    const read = (name: string) => live.read(`{{${name}_kw${live.nonce}}}`);
    expect(read('vault:ASKED')).toEqual(lexTemplate('{{vault:ASKED}}'));
    expect(read('vault:MINE')).toEqual(lexTemplate('{{vault:MINE}}'));
    expect(read('vault:OTHER')).toBeUndefined();
    expect(read('secret:1')).toBeUndefined();
  });

  it('of an answer only what was captured is live', () => {
    const live = open();
    const text = live.answer('{{captured:a_1}} {{captured:b_1}} {{vault:KEY}}', (name) => name === 'a_1');
    expect(live.read(text)).toEqual([
      { kind: 'captured', name: 'a_1' },
      { kind: 'text', text: ' {{captured:b_1}} {{vault:KEY}}' },
    ]);
  });

  it.each(['{{', '{{a', '{', '{{{{a}}', open().nonce.slice(0, 7)])('is read however long it is: %s', (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    const live = open();
    const reference = live.show(lexTemplate('{{base}}'));
    expect(live.read(text)).toEqual(plainTemplate(text));
    expect(live.read(text + reference)).toEqual([...plainTemplate(text), REFERENCE]);
  });
});

describe('P6: a reference that was taken apart', () => {
  const live = open();
  const reference = live.show(lexTemplate('{{vault:KEY}}'));
  it.each([
    ['its end is missing', reference.slice(0, -1)],
    ['its beginning is missing', reference.slice(1)],
    ['a part of its end', reference.slice(-limits.liveNonceRest - 2)],
    ['a part of its middle', reference.slice(16, 16 + limits.liveNonceRest)],
    ['in hexadecimal digits of the other case', reference.slice(16, 16 + limits.liveNonceRest).toUpperCase()],
    ['another mark', reference.replace('_kwK', '_kwk')],
    ['one letter of it in capitals', reference.replace('abcdef', 'abcdeF')],
    ['percent-encoded', encodeURIComponent(reference)],
    ['an unknown number', reference.replace('vault:KEY', 'secret:99')],
    ['an unknown computation', reference.replace('vault:KEY', 'derived:99')],
    ['the signs of Base64 behind a mark that has none', reference.replace('}}', '+/}}')],
    ['braces in its name', reference.replace('vault', 'va{ult')],
    ['no name', reference.replace('vault:KEY', '')],
  ])('%s', (_, text) => {
    expect(live.read(text)).toBeUndefined();
    expect(live.read(`a ${text} b`)).toBeUndefined();
    expect(live.read(`${reference} ${text}`)).toBeUndefined();
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const codes = (base: number) => [...reference].map((each) => each.charCodeAt(0).toString(base));
  it.each([
    ['backwards', [...reference].toReversed().join('')],
    ['with spaces between its characters', [...reference].join(' ')],
    ['as a list of its characters', JSON.stringify([...reference])],
    ['in hexadecimal', Buffer.from(reference).toString('hex')],
    ['in hexadecimal in capitals', Buffer.from(reference).toString('hex').toUpperCase()],
    [
      'each percent-encoded',
      codes(16)
        .map((each) => `%${each}`)
        .join(''),
    ],
    [
      'each as an escape',
      codes(16)
        .map((each) => `\\u00${each}`)
        .join(''),
    ],
    ['as the numbers of its characters', JSON.stringify(codes(10).map(Number))],
    [
      'as entities',
      codes(10)
        .map((each) => `&#${each};`)
        .join(''),
    ],
    ['in Base64', base64(reference)],
    ['in Base64 with a character before it', base64(`u${reference}`)],
    ['in Base64 with two characters before it', base64(`u:${reference}`)],
    ['in Base64url, behind more', Buffer.from(`user:${reference}:x`).toString('base64url')],
    [
      'in Base64 of 64 characters a line',
      base64(`a longer beginning than that ${reference}`).replace(/.{64}/g, '$&\n'),
    ],
  ])('spelled %s', (_, text) => {
    expect(live.read(text)).toBeUndefined();
    expect(live.read(`{"a":"${text}"} ${reference}`)).toBeUndefined();
  });

  it('of a shorter piece nobody can tell', () => {
    const piece = reference.slice(16, 15 + limits.liveNonceRest);
    expect(live.read(piece)).toEqual(plainTemplate(piece));
  });
});

describe('a change of letters', () => {
  const live = open();
  const template: Template = [{ kind: 'sealed', value: seal('Mixed') }];
  const handles = lexTemplate('{{vault:KEY}}');
  const both = live.show([...lexTemplate('{{Both}} {{both}}')]);

  it.each([['upper'], ['lower']] as const)('%s is computed', (name) => {
    for (const each of [template, handles]) {
      const text = live.show(each);
      const changed = name === 'upper' ? text.toUpperCase() : text.toLowerCase();
      expect(live.read(changed)).toEqual([{ kind: 'derived', operation: { name }, inputs: [each] }]);
    }
  });

  it('of one of two names that then read the same is refused', () => {
    expect(live.read(both)).toHaveLength(3);
    expect(live.read(both.toUpperCase())).toBeUndefined();
  });
});

describe('the results of computations', () => {
  const learned = () => {
    const live = open();
    const inputs = [live.show(lexTemplate('{{vault:KEY}}'))];
    live.learn([
      { id: 1, operation: { name: 'encode', to: 'base64' }, inputs },
      { id: 2, operation: { name: 'hash', algorithm: 'sha256' }, inputs },
    ]);
    return live;
  };
  const encode = (to: 'base64' | 'base64url', padded: boolean) => ({ name: 'encode', to, padded });
  const { nonce } = learned();
  const base64 = `{{derived:1_kw${nonce}+/}}=`;
  it.each([
    ['as it is', base64, encode('base64', true)],
    ['without padding', base64.replace(/=+$/, ''), encode('base64', false)],
    ['URL-safe', base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''), encode('base64url', false)],
    ['URL-safe with padding', base64.replaceAll('+', '-').replaceAll('/', '_'), encode('base64url', true)],
  ])('in Base64 %s', (_, text, operation) => {
    expect(learned().read(text)).toMatchObject([{ kind: 'derived', operation }]);
    expect(learned().read(`${text};=`)).toMatchObject([{ kind: 'derived', operation }, { text: ';=' }]);
  });

  it.each([
    ['one character replaced', base64.replace('+', '-')],
    ['the signs of Base64 on a hash', `{{derived:2_kw${nonce}+/}}=`],
  ])('are taken apart with %s', (_, text) => {
    expect(learned().read(text)).toBeUndefined();
  });

  it('keep an equals sign that is the script’s own', () => {
    expect(learned().read(`{{derived:2_kw${nonce}}}=`)).toMatchObject([{ kind: 'derived' }, { text: '=' }]);
  });

  it('are in capitals what the signer makes of them', () => {
    const text = `{{derived:2_kw${nonce}}}`.toUpperCase();
    expect(learned().read(text)).toMatchObject([
      { operation: { name: 'upper' }, inputs: [[{ operation: { name: 'hash' } }]] },
    ]);
  });

  it.each([
    ['itself', [{ id: 1, inputs: [1] }]],
    [
      'a later one',
      [
        { id: 1, inputs: [2] },
        { id: 2, inputs: [] },
      ],
    ],
    ['nothing that is known', [{ id: 1, inputs: [7] }]],
  ])('of %s are refused', (_, rows) => {
    const live = open();
    const derived = rows.map(({ id, inputs }) => ({
      id,
      operation: { name: 'concat' } as const,
      inputs: inputs.map((input) => `{{derived:${input}_kw${live.nonce}}}`),
    }));
    expect(live.learn(derived)).toMatchObject({ failure: { code: 'SCRIPT/SECRET_TAKEN_APART' } });
  });

  it.each([
    ['as deep as is computed', limits.derivedDepth, 1, undefined],
    ['one deeper, and say which limit there is', limits.derivedDepth + 1, 1, /than 16 levels/],
    ['each a thousand times the one before', 3, 1_000, /than \d+ characters/],
  ])('%s', (_, depth, times, limit) => {
    const live = open();
    const secret = live.show(lexTemplate('{{vault:KEY}}'));
    const derived = Array.from({ length: depth }, (__, index) => ({
      id: index + 1,
      operation: { name: 'concat' } as const,
      inputs: Array<string>(times).fill(index === 0 ? secret : `{{derived:${index}_kw${live.nonce}}}`),
    }));
    const learned = live.learn(derived);
    expect(learned).toMatchObject(
      limit
        ? { failure: { code: 'SCRIPT/NOT_COMPUTED', facts: { problem: expect.stringMatching(limit) } } }
        : { ok: true },
    );
  });
});

describe('references in source code', () => {
  it.each([
    ["const url = '{{base}}/x';", '{{base}}'],
    ['`{{vault:KEY}}-{{$guid}}`', '{{vault:KEY}} {{$guid}}'],
    ['"{{captured:access_1}}"', '{{captured:access_1}}'],
    ['text.replace(/{{(.*?)}}/g, "")', ''],
    ['if (a) {{ b() }}', ''],
    ['if (a) {{b = 1}}', ''],
    ['if (a) {{b(); c()}}', ''],
    ['"{{secret:1}} {{derived:1}} {{captured:not this}}"', ''],
    [`\`{{$\{name}}}\``, ''],
  ])('%s', (code, expected) => {
    const live = open();
    live.show(lexSealed('x'));
    const source = live.source(code);
    expect(live.plain(source)).toBe(code);
    const found = [...source.matchAll(/\{\{[^{}]*\}\}/g)].filter(([each]) => each.includes(live.nonce));
    expect(found.map(([each]) => live.plain(each)).join(' ')).toBe(expected);
  });

  it('are read as what they name', () => {
    const live = open();
    expect(live.read(live.source('{{base}} {{captured:x_1}}'))).toEqual([
      REFERENCE,
      { kind: 'text', text: ' ' },
      { kind: 'captured', name: 'x_1' },
    ]);
  });
});

describe('for people', () => {
  it('references have no mark, also what is left of them', () => {
    const live = open();
    const text = live.show(lexTemplate('{{vault:KEY}} {{base}}'));
    expect(live.plain(text)).toBe('{{vault:KEY}} {{base}}');
    expect(live.plain(text.toUpperCase())).toBe('{{VAULT:KEY}} {{BASE}}');
    expect(live.plain(`${text.slice(2, -2)}`)).not.toContain(live.nonce);
  });

  it('a reference that was cut has nothing of the mark', () => {
    const live = open();
    const text = live.show(lexTemplate('{{vault:KEY}}'));
    const begin = text.indexOf(live.nonce);
    for (let end = begin + 2; end < begin + live.nonce.length; end += 1) {
      for (const cut of [text.slice(0, end), text.slice(0, end).toUpperCase()]) {
        expect(live.plain(`'${cut}…' is ${cut}`)).toMatch(/^'\{\{vault:KEY…' is \{\{vault:KEY$/i);
      }
    }
    for (const end of [0, 1]) expect(live.plain(`${text.slice(0, begin + end)}…`)).toBe('{{vault:KEY…');
    expect(live.plain('a_kwk b_kwx0 c_kw')).toBe('a_kwk b_kwx0 c_kw');
  });
});
