// Two credentials under one name: which of them each hop takes, and what stays of the writing one.
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import { markRaw, type Plan, type SafeExchange } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import type { Network } from '../../../src/network/network.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { handle, keepsNothing, type PlanParts, planTo, type StandInSecret, secretSource, text } from './stand.ts';

const ORIGIN = 'https://api.example.com';
const READING = 'reading-value-0a1b2c3d';
const WRITING = 'writing-value-4e5f6a7b';

const both: Readonly<Record<string, StandInSecret>> = {
  KEY: { value: READING, origins: [ORIGIN], writing: 'KEY-w', writingId: 'KEY-w' },
  'KEY-w': { value: WRITING, origins: [ORIGIN], tier: 'writing' },
};

interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly body?: string;
}

function desk(secrets: Readonly<Record<string, StandInSecret>>) {
  const source = secretSource(secrets);
  const sent: string[] = [];
  const answers: Answer[] = [];
  const network: Pick<Network, 'pin' | 'send' | 'endSession'> = {
    endSession: () => undefined,
    pin: (_, host, port) =>
      Promise.resolve(ok({ scheme: 'https', host, port, address: '8.8.8.8', family: 4, exception: false })),
    send: (request) => {
      sent.push(`${request.method} ${request.headers.find(([name]) => name === 'X-Key')?.[1]}`);
      const { status, location, body = '' } = answers.shift() ?? { status: 200 };
      const headers: [string, string][] = [
        ['Content-Type', 'text/plain'],
        ...(location ? [['Location', location] as [string, string]] : []),
      ];
      const timing = { totalMs: 1, firstByteMs: 1 };
      return Promise.resolve(
        ok(markRaw({ status, statusText: '', headers, trailers: [], body: Buffer.from(body), timing })),
      );
    },
  };
  const signer = createSigner({ secrets: source, now: () => 0 });
  const courier = createCourier({ signer, network, captured: keepsNothing, now: () => 0 });
  const deliver = async (plan: Plan, ...given: Answer[]) => {
    answers.push(...given);
    const limits = { timeoutMs: 10_000, responseBytes: 10_000, redirects: 5, caller: 'test' };
    const delivered = await courier.deliver(plan, limits, new AbortController().signal);
    return delivered.ok ? bodyOf(delivered.value) : delivered.failure.code;
  };
  return { source, sent, deliver };
}

function bodyOf({ body }: SafeExchange): string {
  return body.text ?? '';
}

const request = (method: string, parts: Partial<PlanParts> = {}) =>
  planTo({
    to: `${ORIGIN}/items`,
    method,
    ...parts,
    headers: [{ name: 'X-Key', value: [handle('KEY')] }, ...(parts.headers ?? [])],
  });

const override = (value: string) => ({ headers: [{ name: 'X-HTTP-Method-Override', value: text(value) }] });

describe('P2: which credential a request takes', () => {
  const rows: readonly [string, Plan, string][] = [
    ['GET', request('GET'), READING],
    ['HEAD', request('HEAD'), READING],
    ['QUERY', request('QUERY'), READING],
    ['POST', request('POST'), WRITING],
    ['DELETE', request('DELETE'), WRITING],
    ['get, which is another method', request('get'), WRITING],
    ['GET that a header makes DELETE', request('GET', override('DELETE')), WRITING],
    ['GET that a header makes HEAD', request('GET', override('HEAD')), READING],
    ['POST that a header makes GET', request('POST', override('GET')), WRITING],
  ];
  for (const [what, plan, value] of rows) {
    it(what, async () => {
      const { sent, deliver } = desk(both);
      await deliver(plan);
      expect(sent).toEqual([`${plan.method} ${value}`]);
    });
  }

  it('a redirect that turns POST into GET goes on with the reading one, one that keeps POST with the writing one', async () => {
    const { sent, deliver } = desk(both);
    await deliver(request('POST'), { status: 303, location: '/done' });
    await deliver(request('POST'), { status: 307, location: '/again' });
    expect(sent).toEqual([`POST ${WRITING}`, `GET ${READING}`, `POST ${WRITING}`, `POST ${WRITING}`]);
  });

  it('P8: a server cannot have the writing one by redirecting a request that only reads', async () => {
    for (const location of ['/x?_method=DELETE', '/x;_method=DELETE', '/x?$httpMethod=DELETE']) {
      const { sent, deliver } = desk(both);
      await deliver(request('GET'), { status: 302, location });
      expect(sent, location).toEqual([`GET ${READING}`, `GET ${READING}`]);
    }
    const { sent, deliver } = desk(both);
    await deliver(request('POST'), { status: 303, location: '/x?_method=DELETE' });
    expect(sent).toEqual([`POST ${WRITING}`, `GET ${READING}`]);
  });

  it('the one there is, but never a writing one for reading', async () => {
    const reading = desk({ KEY: { value: READING, origins: [ORIGIN] } });
    await reading.deliver(request('POST'));
    expect(reading.sent).toEqual([`POST ${READING}`]);
    const writing = desk({ KEY: { value: WRITING, origins: [ORIGIN], tier: 'writing' } });
    expect(await writing.deliver(request('GET'))).toBe('SECRET/WRITING_ONLY');
    expect([writing.source.opened, writing.sent]).toEqual([[], []]);
    await writing.deliver(request('POST'));
    expect(writing.sent).toEqual([`POST ${WRITING}`]);
  });

  it('judges the writing one by its own rules', async () => {
    const narrow = { ...both, 'KEY-w': { ...both['KEY-w'], value: WRITING, origins: ['https://other.example.com'] } };
    const { source, deliver } = desk(narrow);
    expect(await deliver(request('POST'))).toBe('SECRET/ORIGIN_NOT_BOUND');
    expect(source.opened).toEqual([]);
  });
});

describe('P1: what a server reflects of a writing credential', () => {
  it('is taken out of its answer, whether it was sent with this request or not, and in other spellings', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { deliver } = desk(both);
      const spelled = [WRITING, Buffer.from(WRITING).toString('base64'), Buffer.from(WRITING).toString('hex'), READING];
      const shown = await deliver(request(method), { status: 200, body: `a ${spelled.join(' b ')} c` });
      for (const each of spelled) expect(shown, method).not.toContain(each);
      expect(shown.startsWith('a '), shown).toBe(true);
    }
  });

  it('is taken out after a redirect of a request that had it', async () => {
    const { deliver } = desk(both);
    const shown = await deliver(
      request('POST'),
      { status: 303, location: '/x' },
      { status: 200, body: `a ${WRITING} c` },
    );
    expect(shown).not.toContain(WRITING);
  });

  it('is remembered by nothing: once the vault has it no more, no scrubber has it', async () => {
    const secrets: Record<string, StandInSecret> = { ...both };
    const { deliver } = desk(secrets);
    const echo = { status: 200, body: `a ${WRITING} b ${READING} c` };
    expect(await deliver(request('POST'), echo)).not.toContain(WRITING);
    delete secrets['KEY-w'];
    const shown = await deliver(request('GET'), echo);
    expect([shown.includes(WRITING), shown.includes(READING)]).toEqual([true, false]);
  });

  it('stops a redirect that would carry it to another origin', async () => {
    const { deliver } = desk(both);
    const location = `https://evil.example/?q=${WRITING}`;
    expect(await deliver(request('POST'), { status: 303, location })).toBe('NETWORK/REDIRECT_DENIED');
  });
});

describe('P7: where the vault cannot tell its writing credentials any more', () => {
  it('the answer is withheld', async () => {
    const { source, deliver } = desk(both);
    const { boundTo } = source;
    source.boundTo = (origin, tier) =>
      tier === 'writing'
        ? { ok: false, failure: { code: 'VAULT/CORRUPT', facts: { what: 'a record' } } }
        : boundTo(origin, tier);
    expect(await deliver(request('GET'), { status: 200, body: 'plain' })).toBe('VAULT/CORRUPT');
  });
});
