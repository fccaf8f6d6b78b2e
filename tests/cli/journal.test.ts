import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalEvent } from '../../shared/journal/canonical.ts';
import type { JournalEvent } from '../../shared/journal/event.ts';
import { beginEvent, openedJournal } from '../unit/journal/journal-fixture.ts';
import { must } from '../unit/state/temporary-home.ts';
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

  it('P11: shows by whom, with which key and from where, to the operator alone', async () => {
    const caller = { name: 'build-bot', keyId: 'aZ09bY18cX27', client: 'agent 1.2', address: '10.1.2.3' };
    const { journal } = openedJournal(desk.home);
    for (const asked of ['lost', 'other', 'found']) {
      const question = { ...beginEvent(asked), type: 'denied', failure: 'POLICY/APPROVAL_REQUIRED' } as const;
      must(journal.denied({ ...question, principal: 'key:two', asked: 'client' }));
    }
    must(journal.begin({ ...beginEvent('found-2'), principal: 'key:two', approvedBy: 'client', askedIn: 'found' }));
    must(journal.begin({ ...beginEvent('turned'), principal: 'key:two', askedIn: 'other', askedInVain: true }));
    must(journal.begin({ ...beginEvent('http'), principal: 'key:one', caller, approvedBy: 'operator' }));
    const json = async (...args: string[]) =>
      JSON.parse((await desk.keyward(['journal', 'show', '--json', ...args])).out) as { entries: { who: string }[] };
    expect((await json('--caller', 'build-bot')).entries).toMatchObject([
      {
        who: 'build-bot',
        principal: 'key:one',
        caller: { name: 'build-bot', key_id: 'aZ09bY18cX27', client: 'agent 1.2', address: '10.1.2.3' },
        approved_by: 'operator',
      },
    ]);
    expect((await json('--caller', 'key:one')).entries.length).toBe(1);
    expect((await json('--caller', 'key:two')).entries).toMatchObject([
      { outcome: 'unfinished', asked_in: 'other', asked_in_vain: true },
      { outcome: 'unfinished', asked_in: 'found' },
      { outcome: 'asked the client, answered', answered_in: 'found-2' },
      { outcome: 'asked the client, answered in vain', answered_in: 'turned' },
      { outcome: 'asked the client, no answer that counted' },
    ]);
    expect((await json('--caller', 'shell', '--since', '1h')).entries.map(({ who }) => who)).toEqual([
      'shell',
      'shell',
    ]);
    expect((await json('--since', '2000-01-01', '--limit', '1')).entries.length).toBe(1);
    const shown = (await desk.keyward(['journal', 'show', '--caller', 'build-bot'])).out;
    expect(shown).toContain('build-bot');
    expect(shown).not.toContain('10.1.2.3');
    const wide = (await desk.keyward(['journal', 'show', '--wide', '--caller', 'build-bot'])).out;
    for (const text of ['aZ09bY18cX27', 'agent 1.2', '10.1.2.3', 'operator']) expect(wide).toContain(text);
  });

  it('P11: keeps less of a collection once the operator has trusted that, and of no other of that name', async () => {
    const text = JSON.stringify({
      ...(JSON.parse(allowing(echo.origin)) as object),
      journal: { collections: { Harbour: 'minimal' } },
      access: { collections: { Harbour: 'full' } },
    });
    desk.save('keyward.yaml', text);
    const newest = async () => {
      expect((await desk.keyward(['call', 'Get berth'])).code).toBe(0);
      const lines = (await desk.keyward(['journal', 'export'])).out.trimEnd().split('\n');
      return (JSON.parse(lines.at(-2) ?? '') as { event: Record<string, unknown> }).event;
    };
    const trusted = await desk.keyward(['trust', '--yes']);
    expect(trusted.out).toContain('journal.collections.Harbour: minimal');
    expect(trusted.out).toContain('keeps less in the journal of these');
    const { path, requestName, ...kept } = await newest();
    expect([path, requestName]).toEqual([undefined, undefined]);
    expect(kept).toMatchObject({ type: 'begin', detail: 'minimal', method: 'GET', origin: echo.origin });
    expect(JSON.stringify(kept)).not.toMatch(/harbour|berth/i);
    expect(kept.decision).toMatchObject({ rule: 'access.collections' });
    expect((await desk.keyward(['journal', 'show', '--limit', '1'])).out).toContain(String(kept.requestId));
    const { requests } = JSON.parse((await desk.keyward(['list', 'requests', '--json'])).out) as {
      requests: { id: string }[];
    };
    const id = requests.find((each) => each.id.endsWith(`-${String(kept.requestId)}`))?.id ?? '';
    const shown = async (...args: string[]) => {
      const { out } = await desk.keyward(['journal', 'show', '--json', '--limit', '1', ...args]);
      return (JSON.parse(out) as { entries: { request_id: string }[] }).entries.map(({ request_id }) => request_id);
    };
    for (const request of [id, String(kept.requestId)])
      expect(await shown('--request', request)).toEqual([kept.requestId]);
    desk.save('harbour.json', { ...harbour(echo.origin), item: [] });
    desk.save('other.json', harbour(echo.origin));
    expect(await newest()).toMatchObject({ path: '/berths/7', requestName: 'Get berth' });
  });

  it('P11: exports a chain that who has the key can check, in parts too', async () => {
    const read = async (...args: string[]) =>
      (await desk.keyward(['journal', 'export', ...args])).out.trimEnd().split('\n').filter(Boolean);
    const lines = await read();
    expect(await read('--after', '1')).toEqual(lines.slice(1));
    expect(await read('--since', '1h')).toEqual(lines);
    expect(await read('--after', '3')).toEqual([]);
    checkChain(desk.home, '0'.repeat(64), lines);
    checkChain(desk.home, (JSON.parse(lines[0] ?? '') as Line).hash, lines.slice(1));
  });

  it('P11: prunes into an archive, with a chain that goes on from one into the other', async () => {
    const archive = join(desk.workspace, 'old.ndjson');
    const before = (await desk.keyward(['journal', 'export'])).out;
    const asked = await desk.keyward(['journal', 'prune', '--keep', '1', '--archive', archive]);
    expect([asked.code, existsSync(archive)]).toEqual([1, false]);
    const pruned = await desk.keyward(['journal', 'prune', '--keep', '1', '--archive', archive, '--yes', '--json']);
    expect(JSON.parse(pruned.out)).toEqual({ removed: 2, from: 1, through: 2, archive });
    const kept = (await desk.keyward(['journal', 'export'])).out;
    const archived = readFileSync(archive, 'utf8');
    expect(before.startsWith(archived)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(archive).mode & 0o777).toBe(0o600);
    checkChain(desk.home, '0'.repeat(64), `${archived}${kept}`.trimEnd().split('\n'));
    const verified = JSON.parse((await desk.keyward(['journal', 'verify', '--json'])).out) as object;
    expect(verified).toMatchObject({
      whole: true,
      entries: 2,
      pruned: { through: 2, at: expect.any(String) as string },
    });
    expect((await desk.keyward(['journal', 'verify'])).out).toContain('Those through 2 were removed by keyward');
    const again = await desk.keyward(['journal', 'prune', '--keep', '1', '--archive', archive, '--yes']);
    expect([again.code, again.errors]).toEqual([1, expect.stringContaining('JOURNAL/NOT_ARCHIVED') as string]);
    const { journal } = openedJournal(desk.home, Date.now());
    for (const id of ['under way', 'later']) must(journal.begin(beginEvent(id)));
    const held = await desk.keyward(['journal', 'prune', '--keep', '1', '--yes', '--json']);
    expect(JSON.parse(held.out)).toMatchObject({ removed: 2, held: 1 });
    const waits = await desk.keyward(['journal', 'prune', '--keep', '2', '--yes']);
    expect([waits.code, waits.out]).toEqual([0, expect.stringContaining('Nothing to remove yet. 1 entry') as string]);
    const none = await desk.keyward(['journal', 'prune', '--before', '90d', '--yes']);
    expect([none.code, none.out]).toEqual([0, 'Nothing to remove.\n']);
  });

  for (const args of [[], ['--keep', '0'], ['--keep', '1', '--before', '1d'], ['--before', 'soon']]) {
    it(`prune ${args.join(' ') || 'alone'} is used wrongly`, async () => {
      expect((await desk.keyward(['journal', 'prune', '--yes', ...args])).code).toBe(2);
    });
  }

  it('P11: prints a checkpoint and its key, and holds the journal against them', async () => {
    const { out: note } = await desk.keyward(['journal', 'checkpoint']);
    const { out: key } = await desk.keyward(['journal', 'key']);
    const file = join(desk.workspace, 'note');
    desk.save('note', note);
    const verify = (...args: string[]) => desk.keyward(['journal', 'verify', '--checkpoint', file, ...args]);
    expect((await verify('--key', key.trim())).out).toContain('holds: entry 3 is the one that was signed');
    expect(JSON.parse((await verify('--json')).out)).toMatchObject({ checkpoint: { seq: 3, state: 'holds' } });
    for (const _ of [1, 2]) await desk.keyward(['call', 'Get berth']);
    await desk.keyward(['journal', 'prune', '--keep', '1', '--yes']);
    expect((await verify()).out).toContain('is genuine but says nothing here');
    desk.save('note', note.replace('\n3\n', '\n2\n'));
    const forged = await verify();
    expect([forged.code, forged.errors]).toEqual([1, expect.stringContaining('JOURNAL/CHECKPOINT_INVALID') as string]);
    expect((await verify('--key', 'none')).code).toBe(2);
    expect((await desk.keyward(['journal', 'verify', '--checkpoint', join(desk.workspace, 'missing')])).code).toBe(2);
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

interface Line {
  readonly seq: number;
  readonly at: string;
  readonly event: JournalEvent;
  readonly hash: string;
}

/** As the documentation of an exported line says it, with the bytes of the key file alone. */
function checkChain(home: string, before: string, lines: readonly string[]): void {
  const key = Buffer.from(readFileSync(join(home, 'journal.key'), 'utf8').trim(), 'base64url');
  let previous = before;
  for (const line of lines) {
    const { seq, at, event, hash } = JSON.parse(line) as Line;
    const text = ['keyward.journal.v1', previous, seq, Date.parse(at), canonicalEvent(event)].join('\n');
    expect(createHmac('sha256', key).update(text).digest('hex'), line).toBe(hash);
    previous = hash;
  }
}

function tamper(file: string, sql: string): void {
  const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql');
  // The process that keeps the commands warm may not have let go of its connection yet.
  const database = new Database(file, { timeout: 5_000 });
  database.exec(sql);
  database.close();
}
