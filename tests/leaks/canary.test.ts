import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spellers, spellingsIn } from '../../src/canary/canary-spellings.ts';
import { runCanary } from '../../src/canary/run-canary.ts';
import { createDesk } from '../cli/run-keyward.ts';

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('keyward-canary-'));

it('P1: keyward doctor --canary plants a secret, and none of its reflections comes out', async () => {
  const desk = createDesk();
  const { out, errors } = await desk.keyward(['doctor', '--canary', '--json']);
  const { findings } = JSON.parse(out) as { findings: { about: string; state: string; detail: string }[] };
  const canary = findings.find(({ about }) => about === 'canary');
  expect(canary, errors).toMatchObject({ state: 'ok' });
  expect(Number(canary?.detail.replace(/ reflections.*/, '').replaceAll(',', ''))).toBeGreaterThan(1_000);
  desk.clear();
});

it('P1: the canary reports a command that leaks, by place and spelling, and where it was not tried in full', async () => {
  const before = folders();
  const { leaks, problems } = await runCanary(join(import.meta.dirname, 'fixtures/leaky.js'));
  expect(leaks).toEqual(['secrets set: hexadecimal']);
  expect(problems).toEqual([
    'keyward trust ended with 1',
    '0 of 56 requests arrived with the secret',
    'keyward call ended with 1',
  ]);
  expect(folders()).toEqual(before);
});

it.each(Array.from(spellers.entries()))('the search finds a secret planted %s', (name, spell) => {
  const secret = 'cnr/9fB+x7"Qz81mLLk0wT5aYe+"x';
  expect(spellingsIn(Buffer.from(`{"a":"${spell(secret)}"}`), secret)).toContain(name);
  expect(spellingsIn(Buffer.from(spell(secret), 'utf16le'), secret)).toContain(name);
  expect(spellingsIn(Buffer.from(`{"a":"${spell(secret.slice(1, 8))}"}`), secret)).toEqual([]);
});
