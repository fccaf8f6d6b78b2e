import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowing, type Echo, harbour, startEcho } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

describe('keyward trust', () => {
  let desk: Desk;
  let echo: Echo;

  const call = async () => {
    const { code, errors } = await desk.keyward(['call', 'Get berth', '--var', 'unused=1']);
    return code === 0 ? 'sent' : (/error (\S+):/.exec(errors)?.[1] ?? errors);
  };

  beforeEach(async () => {
    desk = createDesk();
    echo = await startEcho();
    desk.save('harbour.json', harbour(echo.origin));
    await desk.keyward(['secrets', 'set', 'HARBOUR_TOKEN', '--origin', echo.origin, '--stdin'], 'kw_test_4f1c9a27');
  });
  afterEach(async () => {
    desk.clear();
    await echo.close();
  });

  it('P8: an edited keyward.yaml loosens nothing until it is trusted again', async () => {
    expect(await call()).toBe('NETWORK/ADDRESS_DENIED');
    desk.save('keyward.yaml', allowing(echo.origin));
    expect(await call()).toBe('NETWORK/ADDRESS_DENIED');
    expect(echo.requests).toHaveLength(0);

    const trusted = await desk.keyward(['trust', '--yes']);
    expect(trusted.code).toBe(0);
    expect(trusted.out).toContain(`network.allow: ${echo.origin}`);
    expect(await call()).toBe('sent');

    desk.save('keyward.yaml', `${allowing(echo.origin)}\n`);
    expect(await call()).toBe('NETWORK/ADDRESS_DENIED');
    expect(echo.requests).toHaveLength(1);
    expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
    expect(await call()).toBe('sent');
  });

  it('P8: an ignored file is served once the keyward.yaml that names it is trusted', async () => {
    const listed = async () => (await desk.keyward(['list', 'collections'])).out.includes('Harbour');
    desk.save('private/harbour.json', harbour(echo.origin));
    desk.save('harbour.json', '');
    desk.save('.gitignore', 'private/\n');
    desk.save('keyward.yaml', 'collections: ["private/harbour.json"]\n');
    expect(await listed()).toBe(false);
    const trusted = await desk.keyward(['trust', '--yes']);
    expect(trusted.out).toContain('collections: private/harbour.json (even where it is ignored)');
    expect(await listed()).toBe(true);
  });

  it('P8: a trusted text means nothing in another workspace', async () => {
    desk.save('keyward.yaml', allowing(echo.origin));
    await desk.keyward(['trust', '--yes']);
    desk.save('other/harbour.json', harbour(echo.origin));
    desk.save('other/keyward.yaml', allowing(echo.origin));
    const other = await desk.keyward(['call', 'Get berth', '--workspace', 'other']);
    expect(other.errors).toContain('error NETWORK/ADDRESS_DENIED');
    expect(echo.requests).toHaveLength(0);
  });

  describe('levels above the default', () => {
    const raising = (origin: string, more = {}) =>
      JSON.stringify({
        version: 1,
        network: { allow: [origin] },
        access: { collections: { Harbour: 'full' }, ...more },
      });
    const book = async (name: string) => {
      const { code, errors } = await desk.keyward(['call', `${name} / Book berth`]);
      return code === 0 ? 'sent' : (/error (\S+):/.exec(errors)?.[1] ?? errors);
    };

    it('P8: count for what was there, not for a new file of the name', async () => {
      desk.save('keyward.yaml', raising(echo.origin));
      const trusted = await desk.keyward(['trust', '--yes']);
      expect(trusted.out).toContain('collection Harbour (harbour.json)');
      expect(await book('Harbour')).toBe('sent');

      desk.save('harbour.json', { ...harbour(echo.origin), info: { ...harbour(echo.origin).info, name: 'Moved' } });
      desk.save('copy.json', harbour(echo.origin));
      expect(await book('Harbour')).toBe('POLICY/APPROVAL_REQUIRED');
      expect(await book('Moved')).toBe('POLICY/APPROVAL_REQUIRED');

      expect((await desk.keyward(['trust', '--yes'])).out).toContain('collection Harbour (copy.json)');
      expect(await book('Harbour')).toBe('sent');
      expect((await desk.keyward(['trust', '--yes'])).out).toContain('Trusted already');
    });

    it('P8: count for nothing once keyward.yaml was edited', async () => {
      desk.save('keyward.yaml', raising(echo.origin));
      await desk.keyward(['trust', '--yes']);
      desk.save('keyward.yaml', `${raising(echo.origin)}\n`);
      expect(await book('Harbour')).toBe('POLICY/APPROVAL_REQUIRED');
      await desk.keyward(['trust', '--yes']);
      expect(await book('Harbour')).toBe('sent');
    });

    it('P8: above a stricter default they need the trust as well', async () => {
      desk.save('keyward.yaml', raising(echo.origin, { default: 'read-only', collections: { Harbour: 'safe' } }));
      expect(await call()).toBe('POLICY/DENIED');
      await desk.keyward(['trust', '--yes']);
      expect(await call()).toBe('sent');
      expect(await book('Harbour')).toBe('POLICY/APPROVAL_REQUIRED');
    });
  });

  it('P7: trusts nothing where nobody can be asked', async () => {
    desk.save('keyward.yaml', allowing(echo.origin));
    expect(await desk.keyward(['trust'])).toMatchObject({ code: 1 });
    expect(await call()).toBe('NETWORK/ADDRESS_DENIED');
  });

  it('P9: tells the line of a mistake and trusts nothing', async () => {
    desk.save('keyward.yaml', 'version: 1\nnetwork:\n  alow: []\n');
    const finished = await desk.keyward(['trust', '--yes']);
    expect(finished.code).toBe(1);
    expect(finished.errors).toMatch(/error CONFIG\/INVALID[\s\S]*keyward\.yaml:3/);
    expect(finished.errors).toContain('allow');
  });
});
