import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApprovalStore } from '../../src/approvals/approval-store.ts';
import { openState } from '../../src/state/open-state.ts';
import { must } from '../unit/state/temporary-home.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const QUESTION = 'An AI agent asks to send this request:\nPOST https://api.example.com/items\nBody: \u001b[2Jx';

describe('keyward approvals', () => {
  let desk: Desk;
  let id: string;
  const json = async (...args: string[]) => JSON.parse((await desk.keyward(['approvals', ...args, '--json'])).out);

  beforeEach(() => {
    desk = createDesk();
    // As a server leaves it that waits for the operator.
    const state = must(openState(desk.home));
    const asked = { callerId: 'key:a1', callerName: 'ci\u202ebot', keyId: 'K1', digest: 'd', question: QUESTION };
    const put = must(createApprovalStore(state, Date.now).ask({ ...asked, waitMs: 60_000 }));
    state.close();
    if (put.kind !== 'waits') throw new Error(put.kind);
    id = put.id;
  });
  afterEach(() => desk.clear());

  it('shows the question exactly, who asks and until when, and takes each answer', async () => {
    const { out } = await desk.keyward(['approvals', 'list']);
    expect(out.split('\n').map((line) => line.replaceAll(/\d{4}-\S+ \S+ UTC/g, 'TIME'))).toEqual([
      `${id}  waits for an answer until TIME`,
      '  asked TIME by ci\\u{202e}bot (key:a1, key K1)',
      '  | An AI agent asks to send this request:',
      '  | POST https://api.example.com/items',
      '  | Body: \\u{1b}[2Jx',
      '',
      '',
    ]);
    const allowed = await desk.keyward(['approvals', 'allow', id]);
    expect([allowed.code, allowed.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/ {2}allowed once until 2/)]);
    expect((await desk.keyward(['approvals', 'allow', id, '--always'])).out).toContain(`${id}  allowed always\n`);
    expect(await json('allow', id, '--for')).toMatchObject({
      id,
      state: 'timed',
      caller: { id: 'key:a1', key_id: 'K1' },
    });
    const { answered_at, ends_at } = await json('allow', id, '--for', '90m');
    expect(Math.round((Date.parse(ends_at) - Date.parse(answered_at)) / 60_000)).toBe(90);
    expect((await json('revoke', id)).state).toBe('revoked');
    expect(await json('list')).toEqual({ approvals: [], unverified: 0 });
    expect(await json('list', '--all')).toMatchObject({ approvals: [{ id, state: 'revoked', question: QUESTION }] });
  });

  it('denies, and fails for what is not there, has ended or makes no sense', async () => {
    expect((await json('deny', id)).state).toBe('denied');
    await json('revoke', id);
    expect((await json('allow', id)).error.code).toBe('POLICY/APPROVAL_STATE');
    expect((await json('deny', 'abcd1234')).error.code).toBe('POLICY/APPROVAL_NOT_FOUND');
    const codes = [];
    for (const args of [
      ['allow', id],
      ['allow'],
      ['allow', id, '--for', '1h', '--always'],
      ['allow', id, '--for', 'ever'],
    ]) {
      codes.push((await desk.keyward(['approvals', ...args])).code);
    }
    expect(codes).toEqual([1, 2, 2, 2]);
  });
});
