import { describe, expect, it } from 'vitest';
import { approvalLimits } from '../../../shared/approval-limits.ts';
import { limits } from '../../../shared/limits.ts';
import type { GivenAnswer, OperatorAnswer } from '../../../src/approvals/approval-store.ts';
import { failureOf, must, tamper } from '../state/temporary-home.ts';
import { BOB, createDesk, HOUR_MS, ONCE_MS, question, START, WAIT_MS } from './desk.ts';

type Took = GivenAnswer | undefined;
const ONCE: Took = { kind: 'given', outcome: 'approved', by: 'operator' };
const STANDING: Took = { kind: 'given', outcome: 'approved', by: 'standing' };
const NO: Took = { kind: 'given', outcome: 'declined', by: 'operator' };

function asked(change = {}) {
  const made = createDesk();
  const put = must(made.queue.ask(question(change)));
  if (put.kind !== 'waits') throw new Error(put.kind);
  return {
    ...made,
    id: put.id,
    take: (caller = 'key:ann', digest = 'sent:a:b') => must(made.queue.take(caller, digest)),
  };
}

describe('an answer of the operator', () => {
  const DAY_MS = 24 * HOUR_MS;
  const timed = { kind: 'timed', until: START + HOUR_MS } as const;
  /** What calls find one after the other, so many milliseconds after the answer. */
  const table: readonly (readonly [OperatorAnswer, readonly (readonly [afterMs: number, took: Took])[]])[] = [
    [
      { kind: 'once' },
      [
        [0, ONCE],
        [0, undefined],
      ],
    ],
    [
      { kind: 'once' },
      [
        [ONCE_MS - 1, ONCE],
        [ONCE_MS - 1, undefined],
      ],
    ],
    [{ kind: 'once' }, [[ONCE_MS, undefined]]],
    [
      timed,
      [
        [0, STANDING],
        [HOUR_MS - 1, STANDING],
        [HOUR_MS, undefined],
      ],
    ],
    [
      { kind: 'always' },
      [
        [0, STANDING],
        [3650 * DAY_MS, STANDING],
      ],
    ],
    [
      { kind: 'denied' },
      [
        [0, NO],
        [ONCE_MS - 1, NO],
        [ONCE_MS, undefined],
      ],
    ],
    // A clock that is behind: what ends cannot be told to hold any more.
    [
      timed,
      [
        [-limits.clockStepBackMs, STANDING],
        [-limits.clockStepBackMs - 1, undefined],
      ],
    ],
    [{ kind: 'once' }, [[-limits.clockStepBackMs - 1, undefined]]],
    [{ kind: 'always' }, [[-DAY_MS, STANDING]]],
  ];
  for (const [answer, calls] of table) {
    const title = calls.map(([ms, took]) => `${took ? `${took.outcome} (${took.by})` : 'nothing'} after ${ms} ms`);
    it(`P7: ${answer.kind}: ${title.join(', ')}`, () => {
      const { clock, desk, id, take } = asked();
      must(desk.answer(id, answer));
      for (const [afterMs, took] of calls) {
        clock.now = START + afterMs;
        expect(take()).toEqual(took);
      }
    });
  }

  it('P7: holds for the same caller and the same digest only', () => {
    const { desk, id, take } = asked();
    must(desk.answer(id, { kind: 'always' }));
    expect(take('key:ann', 'sent:a:c')).toBeUndefined();
    expect(take('key:bob')).toBeUndefined();
    expect(take('key:Ann')).toBeUndefined();
    expect(take()).toEqual(STANDING);
  });

  it('holds after a restart, for every server of the data folder, and one for a single call for one of them', () => {
    const { desk, id, open, take } = asked();
    const another = open();
    must(desk.answer(id, { kind: 'once' }));
    expect([take(), must(another.take('key:ann', 'sent:a:b'))]).toEqual([ONCE, undefined]);
    const [next] = [must(another.ask(question()))];
    if (next?.kind !== 'waits') throw new Error('no question');
    must(desk.answer(next.id, { kind: 'always' }));
    expect(must(open().take('key:ann', 'sent:a:b'))).toEqual(STANDING);
  });

  it('P7: is none before it is given, nor once it was taken back', () => {
    const { desk, id, take } = asked();
    expect(take()).toBeUndefined();
    expect(failureOf(desk.revoke(id))).toMatchObject({ code: 'POLICY/APPROVAL_STATE', facts: { state: 'pending' } });
    must(desk.answer(id, { kind: 'always' }));
    expect(must(desk.revoke(id)).answer).toBe('revoked');
    expect(take()).toBeUndefined();
    expect(failureOf(desk.answer(id, { kind: 'once' }))).toMatchObject({ facts: { id, state: 'revoked' } });
  });

  it('can be another one as long as it holds', () => {
    const { desk, id, take } = asked();
    must(desk.answer(id, { kind: 'denied' }));
    must(desk.answer(id, { kind: 'always' }));
    expect(take()).toEqual(STANDING);
    must(desk.answer(id, { kind: 'denied' }));
    expect(take()).toEqual(NO);
  });

  it('P7: is refused for a question that ended, that was used, or that there is not', () => {
    const { clock, desk, id, take } = asked();
    must(desk.answer(id, { kind: 'once' }));
    take();
    const code = 'POLICY/APPROVAL_STATE';
    expect(failureOf(desk.answer(id, { kind: 'always' }))).toMatchObject({ code, facts: { state: 'used' } });
    const late = asked();
    late.clock.now = START + WAIT_MS;
    expect(failureOf(late.desk.answer(late.id, { kind: 'once' }))).toMatchObject({ code, facts: { state: 'expired' } });
    clock.now = START;
    expect(failureOf(desk.answer('nothing1', { kind: 'once' })).code).toBe('POLICY/APPROVAL_NOT_FOUND');
    expect(
      failureOf(desk.answer(id.toLowerCase() === id ? id.toUpperCase() : id.toLowerCase(), { kind: 'once' })).code,
    ).toBe('POLICY/APPROVAL_NOT_FOUND');
  });
});

describe('a question to the operator', () => {
  it('has an id of eight letters and digits, and what the operator must know', () => {
    const { desk, id } = asked();
    expect(id).toMatch(/^[0-9A-Za-z]{8}$/);
    expect(must(desk.list())).toEqual({
      approvals: [
        {
          id,
          callerId: 'key:ann',
          callerName: 'ann',
          keyId: 'K1',
          digest: 'sent:a:b',
          question: 'POST /items',
          askedAt: START,
          endsAt: START + WAIT_MS,
          answer: 'pending',
        },
      ],
      unverified: 0,
    });
  });

  it('is put once while it waits, and then for as long as the last who asked waits', () => {
    const { clock, queue, desk, id, pending } = asked();
    clock.now = START + 1_000;
    expect(must(queue.ask(question()))).toEqual({ kind: 'waits', id });
    clock.now = START + WAIT_MS;
    expect(pending()).toEqual([id]);
    clock.now += 1_000;
    expect(must(queue.ask(question()))).not.toEqual({ kind: 'waits', id });
    expect(must(desk.list()).approvals).toHaveLength(2);
  });

  it('is answered by what holds already', () => {
    const { desk, queue, id } = asked();
    must(desk.answer(id, { kind: 'once' }));
    expect(must(queue.ask(question()))).toEqual(ONCE);
    expect(must(queue.ask(question()))).toMatchObject({ kind: 'waits' });
  });

  it('P8: can hold any text and still be answered', () => {
    const { desk, id, take } = asked({ question: 'a\ud83d\u0000"\n\u2028', callerName: '\udc00', keyId: undefined });
    expect(must(desk.list()).unverified).toBe(0);
    must(desk.answer(id, { kind: 'once' }));
    expect(take()).toEqual(ONCE);
  });

  it('P12: waits among so many of one caller and of all, and not beyond', () => {
    const { clock, queue } = createDesk();
    const ask = (callerId: string, n: number) => must(queue.ask(question({ callerId, digest: `d${n}` }))).kind;
    const many = Array.from({ length: approvalLimits.pending }, (_, n) => ask('key:ann', n));
    expect(new Set(many)).toEqual(new Set(['waits']));
    expect([ask('key:ann', 99), ask('key:ann', 0), ask(BOB.id, 0)]).toEqual(['crowded', 'waits', 'waits']);
    clock.now += WAIT_MS;
    expect(ask('key:ann', 99)).toBe('waits');
  });
});

describe('the rows', () => {
  const row = (n: number, answer: string, endsAt: number | null) =>
    `('id${n}', 'key:c${n}', 'c', NULL, 'd', 'q', ${START}, ${endsAt ?? 'NULL'}, '${answer}', NULL, '')`;
  const fill = (count: number, answer: string, endsAt: number | null) => {
    const made = createDesk();
    const rows = Array.from({ length: count }, (_, n) => row(n, answer, endsAt));
    tamper(made.home, (sql) => void sql.run(`INSERT INTO approval VALUES ${rows.join(', ')}`));
    return made;
  };

  it('P12: are so many in all: the oldest that ended go, and without those nothing is asked', () => {
    const ended = fill(approvalLimits.rows, 'used', START - 1);
    expect(must(ended.queue.ask(question())).kind).toBe('waits');
    expect(must(ended.desk.list()).unverified).toBe(approvalLimits.rows - 1);
    expect(must(fill(approvalLimits.rows, 'always', null).queue.ask(question())).kind).toBe('crowded');
    expect(must(fill(approvalLimits.pendingInAll, 'pending', START + 1).queue.ask(question())).kind).toBe('crowded');
  });

  it('go a day after they ended, but for answers that never do', () => {
    const { clock, queue, desk, id } = asked();
    const other = must(queue.ask(question({ digest: 'other' })));
    if (other.kind !== 'waits') throw new Error(other.kind);
    must(desk.answer(other.id, { kind: 'always' }));
    const ids = () => must(desk.list()).approvals.map((each) => each.id);
    clock.now = START + WAIT_MS + approvalLimits.keptMs;
    must(queue.ask(question({ digest: 'next' })));
    expect(ids()).toContain(id);
    clock.now += 1;
    must(queue.ask(question({ digest: 'last' })));
    expect(ids()).not.toContain(id);
    expect(ids()).toContain(other.id);
  });

  /** Each column, of a row that allows and of one that waits. */
  const edits = [
    "id = 'abcd1234'",
    "caller_id = 'key:bob'",
    "caller_name = 'bob'",
    'key_id = NULL',
    "digest = 'sent:a:c'",
    "question = 'GET /items'",
    `asked_at = asked_at + 1`,
    'ends_at = ends_at + 1',
    'ends_at = NULL',
    'ends_at = 9223372036854775807',
    "answer = 'once'",
    "answer = 'always', ends_at = NULL",
    'answered_at = coalesce(answered_at, 0) + 1',
    "mac = ''",
    "question = CAST(x'ff' AS TEXT)",
  ];
  const timed: OperatorAnswer = { kind: 'timed', until: START + HOUR_MS };
  for (const [what, answer, changes] of [
    ['allowed', timed, edits],
    ['pending', undefined, edits.filter((edit) => /^(caller_id|question = 'G|answer = 'o)/.test(edit))],
  ] as const) {
    it.each(changes)(`P4 P8: that were changed count for nothing: ${what}, %s`, (edit) => {
      const { home, desk, queue, id, take } = asked();
      if (answer) must(desk.answer(id, answer));
      tamper(home, (sql) => void sql.run(`UPDATE approval SET ${edit}`));
      for (const caller of ['key:ann', 'key:bob'])
        for (const digest of ['sent:a:b', 'sent:a:c']) expect(take(caller, digest)).toBeUndefined();
      expect(must(desk.list())).toEqual({ approvals: [], unverified: 1 });
      for (const each of [id, 'abcd1234'])
        expect(failureOf(desk.answer(each, { kind: 'always' })).code).toBe('POLICY/APPROVAL_NOT_FOUND');
      expect(must(queue.ask(question()))).toMatchObject({ kind: 'waits' });
    });
  }

  it('P4: made by who can write the database alone count for nothing', () => {
    const { desk, queue } = fill(1, 'always', null);
    expect(must(queue.take('key:c0', 'd'))).toBeUndefined();
    expect(must(desk.list())).toEqual({ approvals: [], unverified: 1 });
  });
});
