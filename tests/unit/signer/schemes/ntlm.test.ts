import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { md4 } from '../../../../src/signer/schemes/md4.ts';
import { ntlm } from '../../../../src/signer/schemes/ntlm.ts';
import {
  parseChallengeMessage,
  parseTargetInfo,
  writeTargetInfo,
} from '../../../../src/signer/schemes/ntlm-message.ts';
import { fileTime } from '../../../../src/signer/schemes/ntlm-response.ts';
import { av, challengeMessage, checkAuthenticate, readAuthenticate } from '../../courier/rounds-ntlm.ts';
import { type Attempt, answered, attempt, NOW, nothingStated, signedBy } from './rounds-stand.ts';

const fields = { username: 'User', password: 'Password', domain: 'Domain', workstation: 'COMPUTER' };
const serverTime = Buffer.from('0090d336b734c301', 'hex');
const pairs = [av(2, 'Domain'), av(1, 'Server')];

function answerTo(challenge: Buffer, own: Attempt['fields'] = fields) {
  const round = answered(2, 'Negotiate', `NTLM ${challenge.toString('base64')}`);
  const { authorization, derived } = signedBy(ntlm.sign, { fields: own, round });
  const message = Buffer.from(authorization.slice('NTLM '.length), 'base64');
  return { message, derived: derived.map(({ value }) => value), read: readAuthenticate(message) };
}

describe('MD4', () => {
  it('gives values of RFC 1320 appendix A.5', () => {
    expect(md4(Buffer.from('')).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
    expect(md4(Buffer.from('1234567890'.repeat(8))).toString('hex')).toBe('e33b4ddc9c38f2199c3e7b164fcc0536');
  });

  // Computed with OpenSSL's legacy provider.
  it.each([
    [55, 'c889c81dd86c4d2e025778944ea02881'],
    [56, 'd5f9a9e9257077a5f08b0b92f348b0ad'],
    [63, '7ea3da77432d44c323671097d1348fc8'],
    [64, '52f5076fabd22680234a3fa9f9dc5732'],
    [65, '330e377bf231f3cacfecc2c182fe7e5b'],
  ])('pads %d bytes', (length, expected) => {
    expect(md4(Buffer.alloc(length, 'a')).toString('hex')).toBe(expected);
  });
});

describe('the rounds', () => {
  it('begin with a request without credentials and the first message', () => {
    expect(signedBy(ntlm.sign, { fields }).authorization).toBe('');
    const { authorization } = signedBy(ntlm.sign, { fields, round: answered(1, 'NTLM') });
    const message = Buffer.from(authorization.slice('NTLM '.length), 'base64');
    expect(message.subarray(0, 12).toString('latin1')).toBe('NTLMSSP\0\x01\0\0\0');
    expect(message.readUInt32LE(12).toString(16)).toBe('888205');
    expect(message.subarray(16)).toEqual(Buffer.alloc(16));
  });

  const good = challengeMessage({ pairs }).toString('base64');
  const cases: [what: string, number: number, challenges: string[], goesOn: boolean][] = [
    ['NTLM is offered', 1, ['Negotiate', 'NTLM'], true],
    ['NTLM is offered beside others', 1, ['Negotiate, NTLM, Basic realm="x"'], true],
    ['only Negotiate is', 1, ['Negotiate'], false],
    ['nothing is', 1, [], false],
    ['a challenge', 2, [`NTLM ${good}`], true],
    ['no challenge', 2, ['NTLM'], false],
    ['a damaged one', 2, [`NTLM ${good.slice(0, 40)}`], false],
    ['the first message sent back', 2, ['NTLM TlRMTVNTUAABAAAABYKIAAAAAAAAAAAAAAAAAAAAAAA='], false],
    ['after the answer', 3, [`NTLM ${good}`], false],
    ['after the answer', 3, ['NTLM'], false],
  ];
  it.each(cases)('go on or stand: %s, round %d', (_, number, challenges, expected) => {
    expect(ntlm.goesOn?.(answered(number, ...challenges), nothingStated)).toBe(expected);
  });

  it('do not begin where the collection switches them off', () => {
    expect(ntlm.goesOn?.(answered(1, 'NTLM'), () => 'true')).toBe(false);
  });

  it('P1: what is shown holds no message', () => {
    for (const round of [answered(1, 'NTLM'), answered(2, `NTLM ${good}`)])
      expect(signedBy(ntlm.sign, { fields, round, masked: true }).authorization).toBe('NTLM [redacted]');
  });
});

describe('the answer', () => {
  it('is NTLMv2 and names user, domain and workstation', () => {
    const challenge = challengeMessage({ pairs });
    const { message, read, derived } = answerTo(challenge);
    expect(read).toMatchObject({ username: 'User', domain: 'Domain', workstation: 'COMPUTER' });
    expect(checkAuthenticate(message, challenge)).toEqual({ ok: true, withCode: false });
    expect(read.ntResponse.subarray(24, 32)).toEqual(fileTime(NOW));
    expect(derived).toEqual(['a4f49c406510bdcab6824ee7c30fd852', read.ntResponse.subarray(0, 16).toString('hex')]);
  });

  it('to a challenge with a time has that time, no LM response, and a code over all three messages', () => {
    const challenge = challengeMessage({ pairs: [...pairs, { id: 7, value: serverTime }] });
    const { message, read } = answerTo(challenge);
    expect(checkAuthenticate(message, challenge)).toEqual({ ok: true, withCode: true });
    expect(read.ntResponse.subarray(24, 32)).toEqual(serverTime);
    expect(read.lmResponse).toEqual(Buffer.alloc(24));
    message[72] = (message[72] ?? 0) ^ 1;
    expect(checkAuthenticate(message, challenge)).toMatchObject({ ok: false });
  });

  it('keeps the flags that the server sent among its pairs', () => {
    const flags = { id: 6, value: Buffer.from([1, 0, 0, 0x80]) };
    const { read } = answerTo(challengeMessage({ pairs: [flags, ...pairs, { id: 7, value: serverTime }] }));
    const sent = parseTargetInfo(read.ntResponse.subarray(44)) ?? [];
    expect(sent.map(({ id }) => id)).toEqual([2, 1, 7, 6]);
    expect(sent.at(-1)?.value.toString('hex')).toBe('03000080');
  });

  it.each([
    ['DOM\\user', '', 'DOM', 'user'],
    ['user@dom.example', '', 'dom.example', 'user'],
    ['user@dom.example', 'OTHER', 'OTHER', 'user@dom.example'],
    ['DOM\\user@dom', '', '', 'DOM\\user@dom'],
    ['\\user', '', '', '\\user'],
    ['user@', '', '', 'user@'],
    ['ΜÄRκΣ', 'Straße', 'Straße', 'ΜÄRκΣ'],
    ['plain', '', '', 'plain'],
  ])('of %j in %j names domain %j and user %j', (username, domain, expectedDomain, expectedUser) => {
    const challenge = challengeMessage({ pairs });
    const { message, read } = answerTo(challenge, { ...fields, username, domain });
    expect([read.domain, read.username]).toEqual([expectedDomain, expectedUser]);
    expect(checkAuthenticate(message, challenge)).toMatchObject({ ok: true });
  });

  it('upper-cases a user name character by character, as Windows does', () => {
    const challenge = challengeMessage({ pairs });
    const { read } = answerTo(challenge, { ...fields, username: 'maß' });
    const key = createHmac('md5', Buffer.from('a4f49c406510bdcab6824ee7c30fd852', 'hex'))
      .update(Buffer.from('MAßDomain', 'utf16le'))
      .digest();
    const proof = createHmac('md5', key)
      .update(challenge.subarray(24, 32))
      .update(read.ntResponse.subarray(16))
      .digest();
    expect(read.ntResponse.subarray(0, 16)).toEqual(proof);
  });

  it('writes names as the server reads them where it knows no Unicode, and none where it names no target', () => {
    const challenge = challengeMessage({ flags: 0x200, pairs: undefined });
    const { message, read } = answerTo(challenge);
    expect(read).toMatchObject({ username: 'User', domain: 'Domain', workstation: 'COMPUTER', flags: 0x200 });
    expect(checkAuthenticate(message, challenge)).toEqual({ ok: true, withCode: false });
  });

  it('P7: names longer than any that exist are refused before anything is sent', () => {
    for (const field of ['username', 'domain', 'workstation']) {
      const tried = (chars: number) => attempt(ntlm.sign, { fields: { ...fields, [field]: 'x'.repeat(chars) } });
      expect(tried(1024).ok, field).toBe(true);
      expect(tried(1025), field).toMatchObject({ ok: false, failure: { code: 'REQUEST/AUTH_INVALID' } });
    }
  });
});

describe('a hostile challenge', () => {
  const whole = challengeMessage({ pairs: [...pairs, { id: 7, value: serverTime }] });
  const patched = (at: number, ...bytes: number[]) => {
    const copy = Buffer.from(whole);
    copy.set(bytes, at);
    return copy.toString('base64');
  };

  it.each([
    ['nothing', ''],
    ['another signature', patched(0, 0)],
    ['another type', patched(8, 3)],
    ['a target behind its end', patched(44, 0xff, 0xff, 0xff, 0xff)],
    ['a target longer than it', patched(40, 0xff, 0xff)],
    ['a target that ends early', patched(40, whole.readUInt16LE(40) - 1)],
    ['more than 32 KiB', challengeMessage({ pairs: [av(1, 'x'.repeat(16_400))] }).toString('base64')],
  ])('P9: %s is none', (_, token) => {
    expect(parseChallengeMessage(token)).toBeUndefined();
  });

  it('P9: any bytes are read or are none, and what was read is answered', () => {
    const cut = fc.nat(whole.length).map((length) => whole.subarray(0, length));
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const copy = Buffer.from(whole);
        for (const [at, byte] of changes) copy[at] = byte;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(cut, damaged), (bytes) => {
        if (parseChallengeMessage(bytes.toString('base64'))) expect(answerTo(bytes).read.username).toBe('User');
      }),
    );
  });

  it('pairs are read as they were written', () => {
    const pair = fc.record({
      id: fc.integer({ min: 1, max: 0xffff }),
      value: fc.uint8Array().map((b) => Buffer.from(b)),
    });
    fc.assert(
      fc.property(fc.array(pair), (list) => {
        expect(parseTargetInfo(writeTargetInfo(list))).toEqual(list);
      }),
    );
  });
});
