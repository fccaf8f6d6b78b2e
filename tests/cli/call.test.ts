import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSecret } from '../../src/demo/find-secret.ts';
import { allowing, type Echo, harbour, startEcho } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const TOKEN = 'kw_test/live+7d0e5b13';

describe('keyward call', () => {
  let desk: Desk;
  let echo: Echo;
  let elsewhere: Echo;

  beforeAll(async () => {
    desk = createDesk();
    [echo, elsewhere] = await Promise.all([startEcho(), startEcho()]);
    desk.save('harbour.json', harbour(echo.origin));
    desk.save('local.postman_environment.json', { name: 'Local', values: [{ key: 'berth', value: '12' }] });
    desk.save('keyward.yaml', allowing(echo.origin, elsewhere.origin));
    await desk.keyward(['secrets', 'set', 'HARBOUR_TOKEN', '--origin', echo.origin, '--stdin'], TOKEN);
    await desk.keyward(['trust', '--yes']);
  });
  afterAll(async () => {
    desk.clear();
    await Promise.all([echo.close(), elsewhere.close()]);
  });

  it('P1: sends the credential and prints the answer without it, the body alone on stdout', async () => {
    const { code, out, errors } = await desk.keyward(['call', 'Get berth']);
    expect(code).toBe(0);
    expect(echo.requests.at(-1)).toEqual({ method: 'GET', url: '/berths/7', authorization: `Bearer ${TOKEN}` });
    expect(JSON.parse(out)).toMatchObject({ method: 'GET', url: '/berths/7' });
    expect(errors).toMatch(/^200 OK in \d+ ms/m);
    expect(countSecret(out + errors, TOKEN)).toBe(0);
  });

  it('takes an environment, variables and a selection', async () => {
    expect((await desk.keyward(['call', 'Get berth', '--env', 'Local'])).code).toBe(0);
    expect(echo.requests.at(-1)?.url).toBe('/berths/12');
    const selected = await desk.keyward(['call', 'Get berth', '--var', 'berth=a=b', '--select', 'items[].id']);
    expect(echo.requests.at(-1)?.url).toBe('/berths/a=b');
    expect(JSON.parse(selected.out)).toEqual([1, 2]);
  });

  it('says that a request was sent where its body cannot be selected from, and sends none for a broken selection', async () => {
    const misfit = await desk.keyward(['call', 'Get berth', '--select', 'length(items[0].id)']);
    expect(misfit).toMatchObject({ code: 0, out: '' });
    expect(misfit.errors).toMatch(/^200 .*^The request was sent; its body is not shown: .* does not fit the data/ms);
    const before = echo.requests.length;
    const broken = await desk.keyward(['call', 'Get berth', '--select', 'items[']);
    expect(broken.errors).toContain('error INPUT/SELECT_INVALID');
    expect(echo.requests).toHaveLength(before);
  });

  it('P7: sends a request that changes data only with the word of the operator', async () => {
    const before = echo.requests.length;
    const refused = await desk.keyward(['call', 'Book berth']);
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('error POLICY/APPROVAL_REQUIRED');
    expect(echo.requests).toHaveLength(before);
    expect((await desk.keyward(['call', 'Book berth', '--yes'])).code).toBe(0);
    expect(echo.requests.at(-1)).toMatchObject({ method: 'POST', url: '/berths' });
  });

  it('P2: sends no byte to an origin that the handle is not bound to', async () => {
    const { code, errors } = await desk.keyward(['call', 'Get berth', '--var', `baseUrl=${elsewhere.origin}`]);
    expect(code).toBe(1);
    expect(errors).toContain('error SECRET/ORIGIN_NOT_BOUND');
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('shows a dry run and sends nothing', async () => {
    const before = echo.requests.length;
    const { code, out } = await desk.keyward(['call', 'Book berth', '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      dry_run: true,
      request: { method: 'POST', url: `${echo.origin}/berths` },
      decision: { verdict: 'ask' },
    });
    expect(echo.requests).toHaveLength(before);
  });

  it('prints the whole result as JSON to a program', async () => {
    const { code, out, errors } = await desk.keyward(['call', 'Get berth', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: 200, body: { kind: 'json', truncated: false } });
    expect(errors).not.toContain('Node');
    expect(countSecret(out, TOKEN)).toBe(0);
  });
});
