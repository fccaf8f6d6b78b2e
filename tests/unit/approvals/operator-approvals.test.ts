import { describe, expect, it } from 'vitest';
import { approvalLimits } from '../../../shared/approval-limits.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import type { OperatorAnswer } from '../../../src/approvals/approval-store.ts';
import { must } from '../state/temporary-home.ts';
import { ANN, BOB, createDesk, createWaiting, HOUR_MS, START, WAIT_MS } from './desk.ts';

const QUESTION = { digest: 'sent:a:b', text: 'POST /items' };
const DIGEST = QUESTION.digest;

function stand(change = {}) {
  const of = createDesk();
  const waiting = createWaiting(of, change);
  const gone = new AbortController();
  return {
    ...of,
    ...waiting,
    gone,
    ask: (who = ANN, signal = gone.signal) => waiting.operator.ask(QUESTION, who, signal),
  };
}

describe('a call that waits for the operator', () => {
  const answers: readonly (readonly [OperatorAnswer, object, next: object | undefined])[] = [
    [{ kind: 'once' }, { outcome: 'approved', by: 'operator' }, undefined],
    [
      { kind: 'timed', until: START + HOUR_MS },
      { outcome: 'approved', by: 'operator' },
      { outcome: 'approved', by: 'standing' },
    ],
    [{ kind: 'always' }, { outcome: 'approved', by: 'operator' }, { outcome: 'approved', by: 'standing' }],
    [{ kind: 'denied' }, { outcome: 'declined', by: 'operator' }, { outcome: 'declined', by: 'operator' }],
  ];
  it.each(answers)('is told %j, and what the next one finds', async (answer, told, next) => {
    const { ask, asked, desk, look, looks, operator, pending } = stand();
    const call = ask();
    expect(pending()).toEqual(asked);
    await look();
    expect(looks.size).toBe(1);
    must(desk.answer(asked[0] ?? '', answer));
    await look();
    expect(await call).toEqual({ digest: DIGEST, ...told });
    expect(looks.size).toBe(0);
    expect(operator.standing(ANN, DIGEST)).toEqual(next && { digest: DIGEST, ...next });
    expect(operator.standing(BOB, DIGEST)).toBeUndefined();
  });

  it('P7: is told no when nobody answers in time', async () => {
    const { ask, clock, desk, asked, look } = stand();
    const call = ask();
    clock.now = START + WAIT_MS - 1;
    await look();
    expect(await Promise.race([call, Promise.resolve('waiting')])).toBe('waiting');
    clock.now += 1;
    await look();
    expect(await call).toEqual({ digest: DIGEST, outcome: 'expired' });
    expect(desk.answer(asked[0] ?? '', { kind: 'once' })).toMatchObject({ failure: { facts: { state: 'expired' } } });
  });

  it('P7: is told no where the clock steps back so far that nobody can tell how long it waits', async () => {
    const { ask, clock, look } = stand();
    const call = ask();
    clock.now = START - limits.clockStepBackMs - 1;
    await look();
    expect(await call).toMatchObject({ outcome: 'expired' });
  });

  it('leaves its question when the client goes, and the next one finds the answer, once', async () => {
    const { ask, asked, clock, desk, gone, look, looks, operator, pending } = stand();
    const call = ask();
    gone.abort();
    expect(await call).toEqual({ digest: DIGEST, outcome: 'expired' });
    expect([pending(), looks.size]).toEqual([asked, 0]);
    expect(await ask()).toMatchObject({ outcome: 'expired' });
    clock.now = START + WAIT_MS - 1;
    must(desk.answer(asked[0] ?? '', { kind: 'once' }));
    clock.now += limits.approvalMs - 1;
    expect(operator.standing(ANN, DIGEST)).toMatchObject({ outcome: 'approved', by: 'operator' });
    expect(operator.standing(ANN, DIGEST)).toBeUndefined();
    await look();
    expect(asked).toHaveLength(1);
  });

  it('P8: shares its question with another call of the caller, and an answer for one is one for one of them', async () => {
    const { ask, asked, desk, look, pending } = stand();
    const calls = [ask(), ask()];
    expect(pending()).toHaveLength(1);
    must(desk.answer(asked[0] ?? '', { kind: 'once' }));
    await look();
    expect(await Promise.race(calls)).toMatchObject({ outcome: 'approved' });
    // The other asks anew.
    const [next = ''] = pending();
    expect(asked).toContain(next);
    expect(next).not.toBe(asked[0]);
    must(desk.answer(next, { kind: 'denied' }));
    await look();
    expect((await Promise.all(calls)).map(({ outcome }) => outcome).sort()).toEqual(['approved', 'declined']);
  });

  it('P8: of two servers of one data folder only one may take an answer for one call', async () => {
    const of = createDesk();
    const [one, other] = [createWaiting(of), createWaiting(of)];
    const { signal } = new AbortController();
    const calls = [one.operator.ask(QUESTION, ANN, signal), other.operator.ask(QUESTION, ANN, signal)];
    expect([of.pending(), other.asked]).toEqual([one.asked, one.asked]);
    must(of.desk.answer(one.asked[0] ?? '', { kind: 'once' }));
    await Promise.all([one.look(), other.look()]);
    of.clock.now += WAIT_MS;
    await Promise.all([one.look(), other.look()]);
    expect((await Promise.all(calls)).map(({ outcome }) => outcome).sort()).toEqual(['approved', 'expired']);
  });

  it('asks anew where an answer was taken back before the call saw it', async () => {
    const { ask, asked, desk, look, pending } = stand();
    const call = ask();
    const [first = ''] = asked;
    must(desk.answer(first, { kind: 'denied' }));
    must(desk.revoke(first));
    await look();
    expect(pending()).not.toContain(first);
    must(desk.answer(pending()[0] ?? '', { kind: 'once' }));
    await look();
    expect(await call).toMatchObject({ outcome: 'approved' });
  });

  it('P12: is refused at once where too many wait', async () => {
    const { queue, ask, asked } = stand();
    for (let n = 0; n < approvalLimits.pending; n += 1)
      must(queue.ask({ callerId: ANN.id, callerName: 'ann', digest: `d${n}`, question: 'q', waitMs: WAIT_MS }));
    expect(await ask()).toEqual({ digest: DIGEST, outcome: 'crowded' });
    expect(asked).toEqual([]);
  });

  it('P12: of too many calls of one caller the oldest waits no longer, and its question stays', async () => {
    const { ask, asked, gone, pending } = stand();
    const first = ask(ANN, AbortSignal.any([gone.signal]));
    const others = Array.from({ length: approvalLimits.waiting - 1 }, () => ask(ANN, AbortSignal.any([gone.signal])));
    expect(await Promise.race([first, Promise.resolve('waiting')])).toBe('waiting');
    others.push(ask(ANN, AbortSignal.any([gone.signal])));
    expect(await first).toMatchObject({ outcome: 'expired' });
    expect(await Promise.race([...others, Promise.resolve('waiting')])).toBe('waiting');
    expect(pending()).toEqual([...new Set(asked)]);
    gone.abort();
    await Promise.all(others);
  });

  it('P12: callers who wait for many keep nobody else from asking, nor from being answered', async () => {
    const { ask, asked, desk, gone, look, operator } = stand();
    const count = approvalLimits.waitingInAll / approvalLimits.waiting;
    const many = Array.from({ length: count }, (_, n) => ({ ...ANN, id: `key:${n}` })).flatMap((who) =>
      Array.from({ length: approvalLimits.waiting }, (_, n) =>
        operator.ask({ digest: `sent:${n}`, text: 'q' }, who, AbortSignal.any([gone.signal])),
      ),
    );
    const call = ask(BOB, AbortSignal.any([gone.signal]));
    expect(asked).toHaveLength(approvalLimits.waitingInAll + 1);
    expect(await many[0]).toMatchObject({ outcome: 'expired' });
    expect(await Promise.race([...many.slice(1), Promise.resolve('waiting')])).toBe('waiting');
    must(desk.answer(asked.at(-1) ?? '', { kind: 'once' }));
    await look();
    expect(await call).toMatchObject({ outcome: 'approved' });
    gone.abort();
    await Promise.all(many);
  });

  it('asks nobody where no operator is to be waited for, and yet takes an answer given earlier', async () => {
    const { operator, desk, queue } = stand({ waitMs: 0 });
    expect(await operator.ask(QUESTION, ANN, new AbortController().signal)).toMatchObject({ outcome: 'unavailable' });
    const put = must(queue.ask({ callerId: ANN.id, callerName: '', digest: DIGEST, question: '', waitMs: 1 }));
    if (put.kind === 'waits') must(desk.answer(put.id, { kind: 'always' }));
    expect(operator.standing(ANN, DIGEST)).toMatchObject({ outcome: 'approved' });
  });
});

describe('P7: a database that cannot be asked is no yes', () => {
  const broken = () => err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'SQLITE_FULL' }));
  const { signal } = new AbortController();

  it('at the question, and for an answer given earlier', async () => {
    const { operator } = stand({ queue: { take: broken, ask: broken, waits: broken } });
    expect(await operator.ask(QUESTION, ANN, signal)).toEqual({ digest: DIGEST, outcome: 'unavailable' });
    expect(operator.standing(ANN, DIGEST)).toBeUndefined();
  });

  it.each([
    ['that something was written', { mark: broken }],
    ['what was written', { queue: { take: broken, ask: () => ok({ kind: 'waits', id: 'a' }), waits: broken } }],
  ])('while a call waits: %s', async (_, change) => {
    const { ask, look } = stand(change);
    const call = ask();
    await look();
    expect(await call).toEqual({ digest: DIGEST, outcome: 'unavailable' });
  });
});
