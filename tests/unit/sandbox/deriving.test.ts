import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScriptOutcome } from '../../../shared/script/job.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { operate } from '../../../src/signer/operations.ts';
import table from '../../vectors/derived-scripts.json' with { type: 'json' };
import { evaluate, type Operate, operatePlainly } from './evaluate-derived.ts';
import { createScriptStand, unguessable } from './script-stand.ts';

const stand = createScriptStand();
afterAll(() => stand.close());

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 24 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 24 });
const keys: Readonly<Record<string, fc.Arbitrary<string>>> = {
  text,
  latin1: bytes.map((each) => Buffer.from(each).toString('latin1')),
  base64: bytes.map((each) => Buffer.from(each).toString('base64')),
  hex: bytes.map((each) => Buffer.from(each).toString('hex')),
  // Neither hexadecimal digits, which jsrsasign reads as bytes, nor what JSON escapes.
  word: text.map((each) => `z${each}`),
  plain: bytes.map((each) => `p${Buffer.from(each).toString('hex')}`),
};
const CASES = 8;

interface Case {
  readonly message: string;
  readonly key: string;
}

function casesOf(kind: string): Case[] {
  const key = keys[kind];
  if (!key) throw new Error(`no keys of kind ${kind}`);
  return fc.sample(fc.record({ message: text, key }), { numRuns: CASES, seed: fc.readConfigureGlobal().seed ?? 1 });
}

function scriptOf(expression: string, cases: readonly Case[]): string {
  return `const compute = (message, key) => ${expression};
    ${JSON.stringify(cases)}.forEach(({ message, key }, at) => keep('result' + at, compute(message, key)));`;
}

const reference = (name: string, live = createLiveText(unguessable)) => live.show([{ kind: 'handle', names: [name] }]);

function referenced(cases: readonly Case[]): { readonly cases: Case[]; readonly secrets: Record<string, string> } {
  const secrets = Object.fromEntries(cases.map(({ key }, at) => [`KEY_${at}`, key]));
  return { secrets, cases: cases.map(({ message }, at) => ({ message, key: reference(`KEY_${at}`) })) };
}

async function valuesOf(
  { kept, outcome }: { kept: Readonly<Record<string, string>>; outcome: ScriptOutcome },
  secrets: Readonly<Record<string, string>>,
  by: Operate = operatePlainly,
): Promise<string[]> {
  expect(outcome.error).toBeUndefined();
  const live = createLiveText(unguessable);
  for (const name of Object.keys(secrets)) reference(name, live);
  expect(live.learn(outcome.derived).ok).toBe(true);
  const results = Object.values(kept).map(async (result) => {
    const template = live.read(result);
    if (!template) throw new Error(`taken apart: ${result}`);
    return String(await evaluate(template, secrets, by));
  });
  return Promise.all(results);
}

/** The operations as they are done when a request is signed. */
const bySigner: Operate = async (operation, inputs) => {
  const computed = await operate(operation, inputs);
  if (!computed.ok) throw new Error(JSON.stringify(computed));
  return computed.value;
};

describe('computing on a secret', () => {
  it.each(table.computed)('$name gives what the key itself would', async ({ key, script }) => {
    const cases = casesOf(key);
    const { secrets, cases: hidden } = referenced(cases);
    const ran = await stand.run(scriptOf(script, [...cases, ...hidden]));
    const values = await valuesOf(ran, secrets);
    const secretly = values.splice(CASES);
    expect(secretly).toEqual(values);
    expect((await valuesOf(ran, secrets, bySigner)).slice(CASES)).toEqual(secretly);
    const results = Object.values(ran.kept);
    expect(results.slice(0, CASES)).toEqual(values);
    const shown = JSON.stringify([results.slice(CASES), ran.outcome.derived]);
    for (const { key: value } of cases.filter(({ key: { length } }) => length > 8)) {
      expect(shown).not.toContain(JSON.stringify(value).slice(1, -1));
    }
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  it.each(table.signed)('$name signs with a private key that it does not have', async ({ script }) => {
    const { secrets, cases } = referenced([{ message: 'é "quoted" 🔑', key: pem }]);
    const [token = ''] = await valuesOf(await stand.run(scriptOf(script, cases)), secrets);
    const [header, payload, signature = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())).toEqual({ message: 'é "quoted" 🔑' });
    const verify = createVerify('RSA-SHA256').update(`${header}.${payload}`);
    expect(verify.verify(publicKey, signature, 'base64url')).toBe(true);
  });

  it.each(table.unsupported)('$script says that it is not supported', async ({ script, api }) => {
    const { cases } = referenced([{ message: 'message', key: 'key' }]);
    const { outcome } = await stand.run(scriptOf(script, cases));
    expect(outcome.unsupported).toEqual([api]);
    expect(outcome.error?.message).toBe(`${api} is not supported here`);
  });

  it('finds a secret behind a variable of the text', async () => {
    const variable = reference('KEY').replace('vault:KEY', 'hmacKey');
    const { kept, outcome } = await stand.run(`
      pm.variables.set('hmacKey', '${reference('KEY')}');
      keep('result', CryptoJS.HmacSHA256('message', '${variable}').toString());`);
    expect(outcome.derived[0]?.inputs).toEqual(['message', variable]);
    expect(kept.result).toBe(reference('KEY').replace('vault:KEY', 'derived:2'));
  });

  it('computes on text that looks like a reference and is none', async () => {
    const { kept, outcome } = await stand.run(`keep('result', CryptoJS.HmacSHA256('{{vault:KEY}}', 'k').toString());`);
    expect(outcome.derived).toEqual([]);
    expect(kept.result).toBe(createHmac('sha256', 'k').update('{{vault:KEY}}').digest('hex'));
  });
});
