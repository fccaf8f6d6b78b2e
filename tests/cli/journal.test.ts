import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowing, type Echo, harbour, startEcho } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const TOKEN = 'kw_test_a90c4c6e';

describe('keyward journal', () => {
  let desk: Desk;
  let echo: Echo;

  beforeEach(async () => {
    desk = createDesk();
    echo = await startEcho();
    desk.save('harbour.json', harbour(echo.origin));
    desk.save('keyward.yaml', allowing(echo.origin));
    await desk.keyward(['secrets', 'set', 'HARBOUR_TOKEN', '--origin', echo.origin, '--stdin'], TOKEN);
    await desk.keyward(['trust', '--yes']);
    await desk.keyward(['call', 'Get berth']);
    await desk.keyward(['call', 'Book berth']);
  });
  afterEach(async () => {
    desk.clear();
    await echo.close();
  });

  it('P11: shows what was executed and what was refused, and verifies', async () => {
    const shown = JSON.parse((await desk.keyward(['journal', 'show', '--json'])).out) as { entries: object[] };
    expect(shown.entries).toMatchObject([
      {
        who: 'shell',
        method: 'POST',
        origin: echo.origin,
        path: '/berths',
        outcome: 'refused POLICY/APPROVAL_REQUIRED',
      },
      { who: 'shell', method: 'GET', origin: echo.origin, path: '/berths/7', outcome: 'status 200' },
    ]);
    expect((await desk.keyward(['journal', 'verify'])).out).toMatch(/^Whole: 3 entries\./);
    const lines = (await desk.keyward(['journal', 'export'])).out.trimEnd().split('\n');
    const exported = lines.map((line) => JSON.parse(line) as { event: { type: string } });
    expect(exported.map(({ event }) => event.type)).toEqual(['begin', 'end', 'denied']);
    expect(lines.join()).not.toContain(TOKEN);
  });

  it('prints nothing of a name that a terminal would obey', async () => {
    const name = 'evil\u009b31m\u202e\u001b[2J';
    desk.save('evil.json', {
      info: { name: 'Evil', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [{ name, request: { method: 'GET', url: `${echo.origin}/x` } }],
    });
    expect((await desk.keyward(['call', name])).code).toBe(0);
    for (const command of [['export'], ['show'], ['show', '--json']]) {
      const { out } = await desk.keyward(['journal', ...command]);
      expect(out).toContain('evil');
      expect(out, command.join(' ')).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
    const lines = (await desk.keyward(['journal', 'export'])).out.trimEnd().split('\n');
    const names = lines.map((line) => (JSON.parse(line) as { event: { requestName?: string } }).event.requestName);
    expect(names).toContain(name);
  });

  for (const [what, sql] of [
    ['edited', `UPDATE journal SET event = replace(event, '/berths/7', '/berths/8') WHERE seq = 1`],
    ['deleted', 'DELETE FROM journal WHERE seq = 2'],
    ['cut off', 'DELETE FROM journal WHERE seq = 3'],
    ['swapped', 'UPDATE journal SET seq = CASE seq WHEN 1 THEN -2 WHEN 2 THEN -1 ELSE seq END'],
  ] as const) {
    it(`P11: sees that an entry was ${what}`, async () => {
      tamper(join(desk.home, 'keyward.db'), sql);
      if (what === 'swapped') tamper(join(desk.home, 'keyward.db'), 'UPDATE journal SET seq = -seq WHERE seq < 0');
      const verified = await desk.keyward(['journal', 'verify']);
      expect(verified.code).toBe(1);
      expect(verified.errors).toContain('error JOURNAL/BROKEN');
      expect((await desk.keyward(['doctor'])).code).toBe(1);
    });
  }
});

function tamper(file: string, sql: string): void {
  const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql');
  // The process that keeps the commands warm may not have let go of its connection yet.
  const database = new Database(file, { timeout: 5_000 });
  database.exec(sql);
  database.close();
}
