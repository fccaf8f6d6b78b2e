import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../src/signer/schemes/challenge.ts';
import { answerDigest, digestAlgorithm } from '../../src/signer/schemes/digest-response.ts';
import { md4 } from '../../src/signer/schemes/md4.ts';
import { parseTargetInfo } from '../../src/signer/schemes/ntlm-message.ts';
import { answerNtlmv2, ntHash, ntlmv2Key } from '../../src/signer/schemes/ntlm-response.ts';

const folder = resolve(import.meta.dirname, '../../../shared/vectors');
const present = existsSync(folder);
const read = (file: string): unknown => (present ? JSON.parse(readFileSync(resolve(folder, file), 'utf8')) : undefined);

interface DigestVector {
  readonly id: string;
  readonly algorithm: string;
  readonly input: Readonly<
    Record<'method' | 'uri' | 'username' | 'password' | 'realm' | 'nonce' | 'opaque', string>
  > & {
    readonly nc: string;
    readonly cnonce: string;
    readonly charset?: string;
    readonly userhash?: boolean;
  };
  readonly expected: { readonly ha1: string; readonly response: string; readonly usernameField?: string };
}

const digests = (read('digest/digest.json') as { vectors: DigestVector[] } | undefined)?.vectors ?? [];

describe.skipIf(!present)('digest, the published values (skipped where ../shared/vectors is missing)', () => {
  it('has four of them', () => {
    expect(digests).toHaveLength(4);
  });

  it.each(digests.map((vector) => [vector.id, vector] as const))('%s', (_, { algorithm: name, input, expected }) => {
    const algorithm = digestAlgorithm(name);
    if (!algorithm) throw new Error(name);
    const { realm, nonce, opaque, userhash = false, charset, nc: nonceCount, ...request } = input;
    const demand = {
      realm,
      nonce,
      opaque,
      algorithm,
      namesAlgorithm: true,
      qop: 'auth',
      userhash,
      utf8: charset === 'UTF-8',
    } as const;
    const answer = answerDigest({ ...request, demand, body: new Uint8Array(), nonceCount });
    expect(answer).toMatchObject({ ha1: expected.ha1, response: expected.response });
    const username = parseChallenges([`Digest ${answer.credentials}`])[0]?.params.get('username');
    expect(username).toBe(expected.usernameField ?? input.username);
    if (!userhash) return;
    const named = answerDigest({
      ...request,
      demand: { ...demand, userhash: false },
      body: new Uint8Array(),
      nonceCount,
    });
    expect(named.response).toBe(expected.response);
    expect(named.credentials).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ");
  });
});

interface NtlmVectors {
  readonly common: Readonly<
    Record<'user' | 'userDomain' | 'password' | 'time' | 'clientChallenge' | 'serverChallenge', string>
  >;
  readonly ntlmv1: { readonly ntowfv1: string };
  readonly ntlmv2: Readonly<Record<string, string>>;
  readonly md4: { readonly vectors: readonly { readonly input: string; readonly expected: string }[] };
}

const ntlm = read('ntlm/ntlm.json') as NtlmVectors | undefined;

describe.skipIf(!ntlm)('NTLM, the published values (skipped where ../shared/vectors is missing)', () => {
  it('MD4 gives those of RFC 1320 appendix A.5', () => {
    for (const { input, expected } of ntlm?.md4.vectors ?? [])
      expect(md4(Buffer.from(input)).toString('hex'), input).toBe(expected);
  });

  it('NTLMv2 gives those of MS-NLMP section 4.2.4', () => {
    if (!ntlm) return;
    const { user, userDomain, password, ...bytes } = ntlm.common;
    const hex = (text: string | undefined) => Buffer.from(text ?? '', 'hex');
    expect(ntHash(password).toString('hex')).toBe(ntlm.ntlmv1.ntowfv1);
    expect(ntlmv2Key(user, userDomain, password).toString('hex')).toBe(ntlm.ntlmv2.ntowfv2);
    const answer = answerNtlmv2({
      username: user,
      domain: userDomain,
      password,
      serverChallenge: hex(bytes.serverChallenge),
      clientChallenge: hex(bytes.clientChallenge),
      time: hex(bytes.time),
      targetInfo: parseTargetInfo(hex(ntlm.ntlmv2.targetInfo)) ?? [],
    });
    expect(answer.ntResponse.toString('hex')).toBe(ntlm.ntlmv2.ntChallengeResponse);
    expect(answer.lmResponse.toString('hex')).toBe(ntlm.ntlmv2.lmChallengeResponse);
    expect(answer.sessionBaseKey.toString('hex')).toBe(ntlm.ntlmv2.sessionBaseKey);
  });
});
