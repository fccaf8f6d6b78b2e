import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { judgeRequestHeader } from '../../../shared/request/header-policy.ts';
import { createCookieJars, type JarOwner } from '../../../src/network/cookies.ts';
import cases from '../../vectors/cookies.json' with { type: 'json' };

const START = Date.parse('2026-01-01T00:00:00Z');
const URL = 'https://h.example.com/';
const me: JarOwner = { caller: 'me', environmentId: 'staging' };

function stage() {
  let now = START;
  const jars = createCookieJars(() => now);
  return {
    jars,
    pass: (ms: number) => {
      now += ms;
    },
    set: (setCookies: readonly string[], url = URL, owner = me) => jars.store(owner, url, setCookies),
    sent: (url = URL, owner = me) => header(jars.cookiesFor(owner, url)),
  };
}

function header(cookies: readonly { readonly name: string; readonly value: string }[]): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

interface Case {
  readonly what: string;
  readonly from: string;
  readonly set: readonly string[];
  readonly then?: readonly { readonly from: string; readonly set: readonly string[] }[];
  readonly at: Readonly<Record<string, string>>;
}

describe('a cookie goes where a browser sends it', () => {
  it.each((cases as readonly Case[]).map((each) => [each.what, each] as const))('%s', async (_, each) => {
    const { set, sent } = stage();
    await set(each.set, each.from);
    for (const { from, set: later } of each.then ?? []) await set(later, from);
    const found = Object.fromEntries(Object.keys(each.at).map((url) => [url, sent(url)]));
    expect(found).toEqual(each.at);
  });
});

describe('expiry', () => {
  it('is counted from the setting, whatever is sent in between', async () => {
    const { set, sent, pass } = stage();
    await set(['a=1; Max-Age=60', 'b=1; Expires=Thu, 01 Jan 2026 00:02:00 GMT', 'c=1']);
    pass(59_999);
    expect(sent()).toBe('a=1; b=1; c=1');
    pass(1);
    expect(sent()).toBe('b=1; c=1');
    pass(59_999);
    expect(sent()).toBe('b=1; c=1');
    pass(1);
    expect(sent()).toBe('c=1');
  });

  it('is 400 days away at the most', async () => {
    const { set, sent, pass } = stage();
    await set([`a=1; Max-Age=${1_000 * 86_400}`]);
    pass(400 * 86_400_000 - 1);
    expect(sent()).toBe('a=1');
    pass(1);
    expect(sent()).toBe('');
  });
});

describe('jars', () => {
  it('P10: two callers never share one, nor do two environments, whatever they are called', async () => {
    const { set, sent } = stage();
    const owners = [
      { caller: 'a', environmentId: 'b' },
      { caller: 'a', environmentId: undefined },
      { caller: 'a","b', environmentId: undefined },
      { caller: 'b', environmentId: 'a' },
      { caller: '', environmentId: 'a' },
    ];
    for (const [index, owner] of owners.entries()) await set([`n=${index}`], URL, owner);
    expect(owners.map((owner) => sent(URL, owner))).toEqual(owners.map((_, index) => `n=${index}`));
    expect(sent(URL, { caller: 'c', environmentId: 'b' })).toBe('');
  });

  it('P12: of many jars the one goes that was used longest ago', async () => {
    const { set, sent } = stage();
    const owner = (index: number) => ({ caller: `c${index}`, environmentId: 'e' });
    for (let index = 0; index < limits.cookieJars; index += 1) await set([`n=${index}`], URL, owner(index));
    expect(sent(URL, owner(0))).toBe('n=0');
    await set(['n=new'], URL, owner(limits.cookieJars));
    expect(sent(URL, owner(0))).toBe('n=0');
    expect(sent(URL, owner(1))).toBe('');
    expect(sent(URL, owner(limits.cookieJars))).toBe('n=new');
  });

  it('P12: the many jars of one caller push out no other’s', async () => {
    const { set, sent } = stage();
    await set(['n=mine']);
    for (let index = 0; index < 2 * limits.cookieJars; index += 1)
      await set(['n=1'], URL, { caller: 'you', environmentId: `e${index}` });
    expect(sent()).toBe('n=mine');
  });

  it('one that keeps nothing takes no place', async () => {
    const { jars, set, sent } = stage();
    await set(['n=1']);
    for (let index = 0; index < 2 * limits.cookieJars; index += 1)
      await set(['x=1; Domain=evil.org'], URL, { caller: `c${index}`, environmentId: 'e' });
    expect(sent()).toBe('n=1');
    jars.clear();
    expect(sent()).toBe('');
  });

  it('answers that come at once are all kept', async () => {
    const { set, sent } = stage();
    await Promise.all(Array.from({ length: 20 }, (_, index) => set([`c${index}=${index}`, 'last=yes'])));
    expect(sent().split('; ')).toHaveLength(21);
  });
});

describe('P12: bounds', () => {
  it('the size of a cookie, and of its field', async () => {
    const { set, sent } = stage();
    const room = limits.cookieChars - 1;
    await set([`a=${'x'.repeat(room)}`, `b=${'x'.repeat(room + 1)}`]);
    expect(sent()).toBe(`a=${'x'.repeat(room)}`);
    const padding = (length: number) => `c=1; Pad=${'x'.repeat(length - 'c=1; Pad='.length)}`;
    await set([padding(limits.setCookieChars), `${padding(limits.setCookieChars + 1).replace('c=', 'd=')}`]);
    expect(sent()).toMatch(/; c=1$/);
  });

  it('of a domain: the cookies go that were used longest ago', async () => {
    const { set, sent, pass } = stage();
    await set(Array.from({ length: limits.domainCookies }, (_, index) => `c${index}=1; Path=/p${index}`));
    pass(1);
    expect(sent(`${URL}p0`)).toBe('c0=1');
    pass(1);
    await set(['new=1; Path=/new']);
    const left = Array.from({ length: limits.domainCookies }, (_, index) => sent(`${URL}p${index}`) !== '');
    expect(left.filter((isThere) => !isThere)).toHaveLength(1);
    expect([left[0], left[1], sent(`${URL}new`)]).toEqual([true, false, 'new=1']);
  });

  it('of a jar: the cookies go that were used longest ago', async () => {
    const { set, sent, pass } = stage();
    const domains = Math.ceil(limits.jarCookies / limits.domainCookies) + 1;
    for (let index = 0; index < domains; index += 1) {
      await set(
        Array.from({ length: limits.domainCookies }, (_, name) => `c${name}=1`),
        `https://h${index}.example.com/`,
      );
      pass(1);
    }
    const counts = Array.from(
      { length: domains },
      (_, index) => sent(`https://h${index}.example.com/`).split('; ').length,
    );
    expect(counts[0]).toBe(1);
    expect(counts.slice(1).reduce((sum, count) => sum + count, 0)).toBe(limits.jarCookies);
  });

  it('of a jar: the many of one site, on whatever hosts, push out nothing of another', async () => {
    const { set, sent, pass } = stage();
    await set(['sid=1'], 'https://api.bank.test/');
    for (let index = 0; index < 8; index += 1) {
      pass(1);
      const cookies = Array.from({ length: limits.domainCookies }, (_, name) => `c${name}=1`);
      await set(cookies, `https://h${index}.evil.co.uk/`);
      await set(
        cookies.map((cookie) => `${cookie}; Path=/x`),
        `http://192.0.2.${index}/`,
      );
    }
    expect(sent('https://api.bank.test/')).toBe('sid=1');
    expect(sent('https://h7.evil.co.uk/').split('; ').length).toBeGreaterThanOrEqual(
      Math.floor(limits.jarCookies / 10),
    );
  });

  it('of a Cookie header', async () => {
    const { set, sent } = stage();
    await set(Array.from({ length: 20 }, (_, index) => `c${index}=${'x'.repeat(2_000)}`));
    await set(['small=1']);
    expect(sent().length).toBeLessThanOrEqual(limits.cookieHeaderChars);
    expect(sent().length).toBeGreaterThan(limits.cookieHeaderChars - 2_100);
    expect(sent()).toMatch(/small=1$/);
  });

  it('more fields than an answer can have leave no more than any other', async () => {
    const { set, sent } = stage();
    await set(Array.from({ length: 2_000 }, (_, index) => `c${index}=1; Path=/p${index}; Domain=example.com`));
    const left = Array.from({ length: 200 }, (_, index) => sent(`${URL}p${1_999 - index}`)).filter(
      (text) => text !== '',
    );
    expect(left).toHaveLength(limits.domainCookies);
  });
});

describe('whatever a server writes', () => {
  const attribute = fc.oneof(
    fc.constantFrom('Secure', 'HttpOnly', 'Path=/', 'Domain=example.com', 'Domain=com', 'Max-Age=0', 'Expires=1', '='),
    fc.string({ maxLength: 20, unit: 'binary' }),
  );
  const field = fc
    .tuple(
      fc.string({ maxLength: 12, unit: 'binary' }),
      fc.string({ maxLength: 30, unit: 'binary' }),
      fc.array(attribute),
    )
    .map(([name, value, attributes]) => [`${name}=${value}`, ...attributes].join(';'));

  it('P9: never throws, and what is sent can stand in a header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(field, fc.string({ unit: 'binary' })), { maxLength: 8 }), async (fields) => {
        const { set, sent } = stage();
        await set(fields);
        expect(judgeRequestHeader('Cookie', sent())).toEqual({ ok: true, value: undefined });
      }),
    );
  });

  it('P2: never reaches a host that is not below the one that set it, or below its own registrable domain', async () => {
    const label = fc.constantFrom('a', 'b', 'example', 'com', 'co', 'uk', 'github', 'io', 'localhost');
    const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const suffixes = new Set([
      'com',
      'uk',
      'co.uk',
      'io',
      'github.io',
      'example',
      'localhost',
      'a',
      'b',
      'co',
      'github',
    ]);
    await fc.assert(
      fc.asyncProperty(host, host, host, async (from, to, domain) => {
        const { set, sent } = stage();
        await set([`x=1; Domain=${domain}`], `https://${from}/`);
        if (sent(`https://${to}/`) === '') return;
        const isBelow = (name: string, above: string) => name === above || name.endsWith(`.${above}`);
        expect(isBelow(from, domain) && isBelow(to, domain)).toBe(true);
        if (suffixes.has(domain)) expect([from, to]).toEqual([domain, domain]);
      }),
    );
  });
});
