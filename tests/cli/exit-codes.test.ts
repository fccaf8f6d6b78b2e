import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harbour } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

interface Row {
  readonly args: readonly string[];
  readonly code: 0 | 1 | 2;
  /** On stderr where the code is not 0, else on stdout. */
  readonly says: RegExp;
}

const rows: readonly Row[] = [
  { args: ['--version'], code: 0, says: /^\d+\.\d+\.\d+\n$/ },
  { args: ['--help'], code: 0, says: /Usage: keyward/ },
  { args: ['help', 'list'], code: 0, says: /Usage: keyward list/ },
  { args: ['secrets', 'set', '--help'], code: 0, says: /--stdin/ },
  { args: ['list', 'requests'], code: 0, says: /Get berth/ },
  { args: ['list', 'collections'], code: 0, says: /postman-2\.1/ },
  { args: ['list', 'environments'], code: 0, says: /No environments\./ },
  { args: ['list', 'secrets'], code: 0, says: /No secrets yet/ },
  { args: ['secrets', 'list'], code: 0, says: /No secrets yet/ },
  { args: ['journal', 'show'], code: 0, says: /Nothing was executed yet/ },
  { args: ['journal', 'verify'], code: 0, says: /Whole: 0 entries/ },

  { args: ['list', 'requests', 'nowhere'], code: 1, says: /error COLLECTION\/UNREADABLE/ },
  { args: ['call', 'Get bert'], code: 1, says: /error REQUEST\/NOT_FOUND.*\n(.*\n)* {2}fix: .*Get berth/ },
  { args: ['call', 'Get berth', '--env', 'nope'], code: 1, says: /error REQUEST\/ENVIRONMENT_NOT_FOUND/ },
  { args: ['secrets', 'describe', 'NOPE'], code: 1, says: /error SECRET\/NOT_FOUND/ },
  { args: ['secrets', 'rotate', 'NOPE', '--stdin'], code: 1, says: /error SECRET\/NOT_FOUND/ },
  { args: ['secrets', 'delete', 'NOPE', '--yes'], code: 1, says: /error SECRET\/NOT_FOUND/ },
  { args: ['secrets', 'set', 'A', '--origin', 'nope', '--stdin'], code: 1, says: /error SECRET\/INVALID/ },
  { args: ['secrets', 'set', 'A', '--origin', 'https://a.example', '--stdin'], code: 1, says: /error SECRET\/INVALID/ },
  { args: ['call', 'Get berth', '--dry-run'], code: 1, says: /error SECRET\/NOT_FOUND/ },
  { args: ['trust'], code: 1, says: /no keyward\.yaml/ },
  { args: ['doctor'], code: 1, says: /Node \d+|^$/ },

  { args: ['lst'], code: 2, says: /no command "lst"[\s\S]*did you mean keyward list\?/ },
  { args: ['list'], code: 2, says: /missing required argument/ },
  { args: ['list', 'nonsense'], code: 2, says: /Allowed choices/ },
  { args: ['list', 'requests', '--jsn'], code: 2, says: /unknown option '--jsn'[\s\S]*--json/ },
  { args: ['--nope'], code: 2, says: /unknown option '--nope'/ },
  { args: ['call'], code: 2, says: /missing required argument 'request'/ },
  { args: ['call', 'Get berth', '--var', 'novalue'], code: 2, says: /name=value/ },
  { args: ['secrets'], code: 2, says: /Usage: keyward secrets/ },
  { args: ['secrets', 'get', 'A'], code: 2, says: /unknown command 'get'/ },
  { args: ['secrets', 'set', 'A', '--stdin'], code: 2, says: /at least one origin/ },
  { args: ['secrets', 'set', 'A', '--origin', 'https://a.example'], code: 2, says: /--stdin/ },
  { args: ['secrets', 'set', 'A', 'value', '--origin', 'https://a.example'], code: 2, says: /too many arguments/ },
  { args: ['secrets', 'set', 'A', '--origin', 'https://a.example', '--expires', '0d'], code: 2, says: /30d, 12h/ },
  { args: ['secrets', 'bind', 'A'], code: 2, says: /Nothing changes/ },
  { args: ['journal', 'show', '--limit', '0'], code: 2, says: /from 1 to 200/ },
  { args: ['journal', 'show', '--limit', '201'], code: 2, says: /from 1 to 200/ },
  { args: ['serve', '--http', './apis'], code: 2, says: /--http is not valid: [\s\S]*PORT/ },
  { args: ['serve', '--http', '0.0.0.0:0'], code: 2, says: /nobody can call/ },
];

describe('exit codes', () => {
  let desk: Desk;

  beforeAll(() => {
    desk = createDesk();
    desk.save('harbour.json', harbour('http://127.0.0.1:9'));
  });
  afterAll(() => desk.clear());

  for (const { args, code, says } of rows) {
    it(`P9: keyward ${args.join(' ')} exits ${code}`, async () => {
      const finished = await desk.keyward(args);
      expect(finished).toMatchObject({ code });
      expect(code === 0 ? finished.out : finished.errors).toMatch(says);
      expect(finished.errors).not.toMatch(/^\s+at .*\.(js|ts):\d+/m);
      if (code !== 0 && args[0] !== 'doctor') expect(finished.out).toBe('');
    });
  }

  it('P9: a process of its own exits with each of them', async () => {
    for (const wanted of [0, 1, 2]) {
      const { args = [], says } = rows.find(({ code }) => code === wanted) ?? {};
      const { code, out, errors } = await desk.spawned(args);
      expect(code).toBe(wanted);
      expect(wanted === 0 ? out : errors).toMatch(says ?? /$^/);
    }
  });
});
