// Published lists of URLs and addresses, and the platform's parser as the judge of what a URL means. Names of the lists are
// resolved by a stand-in: nothing is looked up or dialled.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeAddress, judgeHost } from '../../shared/policy/address.ts';
import { type AllowEntry, originOf, parseAllowEntry } from '../../shared/policy/address-allow.ts';
import type { PlannedUrl } from '../../shared/request/plan.ts';
import { planUrl } from '../../shared/request/plan-url.ts';
import { nextHop } from '../../shared/request/redirect.ts';
import { createScope } from '../../shared/template/render.ts';
import { pinTarget } from '../../src/network/pin.ts';
import { planTo } from '../unit/courier/stand.ts';
import { explain, type Outcome, stricterRules } from './url-differences.ts';

const vectors = resolve(import.meta.dirname, '../../../shared/vectors');
const read = (path: string): unknown => JSON.parse(readFileSync(resolve(vectors, path), 'utf8'));
const present = existsSync(vectors);
const whyNot = present ? '' : ' (skipped: ../shared/vectors is not here)';

const scope = createScope({
  folders: [],
  collection: [],
  globals: [],
  order: [],
  handles: () => undefined,
  dynamic: () => undefined,
});

/** Text as it stands: a pair of braces in a URL of a list is no variable. */
function planned(url: string): PlannedUrl | undefined {
  const result = planUrl({ address: [{ kind: 'text', text: url }], query: [], pathVariables: [] }, scope);
  return result.ok ? result.value : undefined;
}

async function pins(url: string, address: string, allow: readonly AllowEntry[] = []): Promise<string> {
  const plan = planned(url);
  if (!plan) return 'refused';
  const port = plan.port === '' ? (plan.scheme === 'http' ? 80 : 443) : Number(plan.port);
  const answer = () => Promise.resolve([{ address, family: 4 }]);
  const pinned = await pinTarget({ ...plan, port }, { allow, resolve: answer }, new AbortController().signal);
  return pinned.ok ? pinned.value.address : pinned.failure.code;
}

interface Case {
  readonly input: string;
  readonly base: string | null;
}

describe.skipIf(!present)(`urltestdata of web-platform-tests${whyNot}`, () => {
  const cases = present
    ? (read('url/tests/wpt/urltestdata.json') as readonly (Case | string)[]).filter((each) => typeof each !== 'string')
    : [];
  const parsed = (input: string, base?: string): URL | undefined =>
    URL.canParse(input, base) ? new URL(input, base) : undefined;

  it('P3: what is planned has the scheme, host, port and origin that the platform reads, and what the platform refuses is refused', () => {
    const counts: Record<Outcome, number> = { same: 0, 'both refuse': 0, stricter: 0, explained: 0 };
    const absolute = cases.filter(({ base }) => base === null || base === 'about:blank');
    for (const { input } of absolute) {
      const ours = planned(input);
      const theirs = parsed(input);
      counts[explain(input, ours, theirs)] += 1;
      if (!ours) continue;
      expect(ours.origin, input).toBe(new URL(`${ours.scheme}://${ours.host}${ours.port && `:${ours.port}`}`).origin);
    }
    expect(cases).toHaveLength(891);
    // The platform's own reading of some cases differs between Node versions, so the others are not counted out.
    expect(counts.explained).toBe(3);
    expect(counts.same).toBeGreaterThan(80);
    expect(counts.same + counts['both refuse'] + counts.stricter + counts.explained).toBe(absolute.length);
  });

  it('P3: a redirect goes where the platform says, or nowhere', () => {
    const counts = { same: 0, 'both refuse': 0, stricter: 0 };
    for (const { input, base } of cases) {
      const from = base === null ? undefined : parsed(base);
      if (!from || !/^https?:$/.test(from.protocol)) continue;
      const hop = nextHop(planTo({ to: from.origin + from.pathname }), 302, input);
      const theirs = parsed(input, from.origin + from.pathname);
      if (!hop.ok) {
        counts[theirs ? 'stricter' : 'both refuse'] += 1;
        if (theirs) expect(stricterRules(input, theirs, from), input).not.toEqual([]);
        continue;
      }
      counts.same += 1;
      const { scheme, host, port, origin } = hop.value.url;
      expect({ scheme: `${scheme}:`, host, port, origin }, input).toEqual({
        scheme: theirs?.protocol,
        host: theirs?.hostname,
        port: theirs?.port,
        origin: theirs?.origin,
      });
    }
    expect(counts.same).toBeGreaterThan(80);
    expect(counts.stricter).toBeLessThan(80);
  });

  it('P3: every host that the platform gives is judged as it stands, and its origin is the one that is bound and allowed', () => {
    let hosts = 0;
    for (const { input, base } of cases) {
      const url = parsed(input, base ?? undefined);
      if (!url || !/^https?:$/.test(url.protocol)) continue;
      hosts += 1;
      const scheme = url.protocol === 'http:' ? 'http' : 'https';
      expect(originOf(scheme, url.hostname, url.port), input).toBe(url.origin.replace(/\.(?=:\d+$|$)/, ''));
      const verdict = judgeHost(url.hostname);
      const isOdd = /(?:^|\.)xn--(?:\.|$)|^\.|\.\./.test(url.hostname);
      expect(verdict?.code === 'malformed', input).toBe(isOdd);
    }
    expect(hosts).toBeGreaterThan(200);
  });
});

interface Smokescreen {
  readonly config: { readonly allowRanges: readonly string[]; readonly allowAddresses: readonly string[] };
  readonly cases: readonly {
    readonly ip: string;
    readonly port: number;
    readonly verdict: string;
    readonly reason: string;
  }[];
}

/** Rows of smokescreen's that Keyward answers otherwise, and why. */
const SMOKESCREEN_DIFFERENCES: Readonly<Record<string, string>> = {
  '8.8.8.8:321': 'denied by its operator; network.allow only allows',
  '1.1.1.1:1': 'denied by its operator; network.allow only allows',
  '64:ff9c::1:1': 'outside 2000::/3, which smokescreen does not look at',
  '192.168.1.100:4750': 'its own listener: Keyward over stdio has none, and the range is allowed here',
};

describe.skipIf(!present)(`TestClassifyAddr of smokescreen${whyNot}`, () => {
  const { config, cases } = present
    ? (read('ssrf-urls/smokescreen/classify-addr.json') as Smokescreen)
    : { config: { allowRanges: [], allowAddresses: [] }, cases: [] };

  it('P3: has the same verdict for every row but those that are explained', () => {
    const entries = [...config.allowRanges, ...config.allowAddresses.map((address) => `http://${address}`)];
    const allow = entries.flatMap((text) => parseAllowEntry(text) ?? []);
    expect(allow).toHaveLength(entries.length);
    const differing = cases.filter(({ ip, port, verdict }) => {
      const origin = originOf('http', ip.includes(':') ? `[${ip}]` : ip, port);
      return judgeAddress(ip, { allow, origin }).allowed !== (verdict === 'allow');
    });
    expect(differing.map(({ ip, port }) => `${ip}:${port}`).toSorted()).toEqual(
      Object.keys(SMOKESCREEN_DIFFERENCES).toSorted(),
    );
    expect(cases).toHaveLength(41);
  });
});

describe.skipIf(!present)(`the lists of ssrf-req-filter${whyNot}`, () => {
  const list = (name: string) => (present ? (read(`ssrf-urls/ssrf-req-filter/${name}`) as readonly string[]) : []);

  it('P3: reaches nothing on the blocked list, by parser, literal or record', async () => {
    const urls = list('blocked-urls.json');
    expect([urls.length, new Set(urls).size]).toEqual([98, 52]);
    for (const url of urls) {
      for (const inner of ['127.0.0.1', '10.0.0.1', '169.254.169.254']) {
        const outcome = await pins(url, inner);
        expect(outcome, url).toMatch(/^(?:refused|NETWORK\/ADDRESS_DENIED)$/);
      }
    }
  });

  it('P3: reaches everything on the allowed list', async () => {
    const urls = list('allowed-urls.json');
    expect(urls).toHaveLength(5);
    for (const url of urls) expect(await pins(url, '8.8.8.8'), url).toBe('8.8.8.8');
  });
});
