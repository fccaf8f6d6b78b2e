import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowing, harbour } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

interface Finding {
  readonly state: string;
  readonly about: string;
  readonly detail: string;
}

describe('keyward doctor', () => {
  let desk: Desk;

  const doctor = async () => {
    const { code, out } = await desk.keyward(['doctor', '--json']);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    return { code, about: (about: string) => findings.filter((finding) => finding.about === about) };
  };

  beforeEach(() => {
    desk = createDesk();
    desk.save('harbour.json', harbour('http://127.0.0.1:9'));
  });
  afterEach(() => desk.clear());

  it('is content with a workspace whose secrets are there', async () => {
    await desk.keyward(
      ['secrets', 'set', 'HARBOUR_TOKEN', '--origin', 'http://127.0.0.1:9', '--stdin'],
      'kw_test_11c0de11',
    );
    const { code, about } = await doctor();
    expect(code).toBe(0);
    expect(about('workspace')[0]?.detail).toBe('1 collections, 2 requests, 0 environments');
    expect(about('vault')[0]).toMatchObject({ state: 'ok', detail: expect.stringContaining('key-file') });
    expect(about('vault key')[0]).toMatchObject({ state: 'warning' });
    expect(about('keychain')[0]?.detail).toContain('not used');
  });

  it('names a secret that requests need and the vault has not', async () => {
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('secret')[0]).toMatchObject({ state: 'problem', detail: expect.stringContaining('HARBOUR_TOKEN') });
  });

  it('P9: names each file that did not load with its place, and the rest is served', async () => {
    desk.save('broken.postman_collection.json', '{\n  "info": {\n    "name": "x",,\n');
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('file')[0]?.detail).toMatch(/^broken\.postman_collection\.json:3:\d+ {2}COLLECTION\/MALFORMED/);
    expect(about('workspace')[0]?.detail).toContain('2 requests');
  });

  it('P8: tells what an untrusted keyward.yaml would loosen, and that it does not count', async () => {
    desk.save('keyward.yaml', allowing('http://127.0.0.1:9'));
    const untrusted = (await doctor()).about('keyward.yaml')[0];
    expect(untrusted).toMatchObject({ state: 'warning', detail: expect.stringContaining('network.allow') });
    await desk.keyward(['trust', '--yes']);
    expect((await doctor()).about('keyward.yaml')[0]).toMatchObject({ state: 'ok' });
  });

  it('P4: tells of a note of trust that does not verify, and trusts nothing by it', async () => {
    desk.save('keyward.yaml', allowing('http://127.0.0.1:9'));
    await desk.keyward(['trust', '--yes']);
    expect((await doctor()).about('trust')).toEqual([]);
    rmSync(join(desk.home, 'trust.key'));
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('trust')[0]).toMatchObject({ state: 'problem', detail: expect.stringContaining('keyward.yaml') });
    expect(about('keyward.yaml')[0]).toMatchObject({ state: 'warning' });
    expect((await desk.keyward(['trust', '--yes'])).errors).toContain('does not verify');
    expect((await doctor()).about('trust')).toEqual([]);
  });

  it('P8: tells of a data folder inside the workspace, and so does the start', async () => {
    const home = ['--home', join(desk.workspace, 'data')];
    const { code, out } = await desk.keyward(['doctor', '--json', ...home]);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    expect(code).toBe(1);
    expect(findings.find(({ about }) => about === 'data folder')).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('one inside the other'),
    });
    expect((await desk.keyward(['serve', ...home])).errors).toContain('one inside the other');
    expect((await desk.keyward(['serve'])).errors).not.toContain('one inside the other');
  });

  it('tells of an auth type that is refused', async () => {
    const collection = { ...harbour('http://127.0.0.1:9'), auth: { type: 'negotiate', negotiate: [] } };
    desk.save('harbour.json', collection);
    expect((await doctor()).about('auth')[0]?.detail).toContain('"negotiate" is not supported yet');
  });
});
