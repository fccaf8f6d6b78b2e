// `curl --aws-sigv4` of this machine against a recording server, and the scheme signing the same request for the same second.
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalRequest,
  type SigV4Key,
  sha256,
  signature,
  signingKey,
  stringToSign,
} from '../../src/signer/schemes/sigv4.ts';
import { signDraft } from '../unit/signer/schemes/sign-draft.ts';
import { type Recorded, type Recorder, startRecorder } from './wire-recorder.ts';

const isPresent = spawnSync('curl', ['--aws-sigv4', 'aws:amz', '--version']).status === 0;
const key = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'eu-west-1' };

interface Case {
  readonly name: string;
  readonly service: string;
  readonly to: string;
  readonly options?: readonly string[];
  /** What the scheme signs and curl does not, and why. */
  readonly more?: { readonly headers: readonly string[]; readonly why: string };
}

const HASH = {
  headers: ['x-amz-content-sha256'],
  why: 'as Postman, the scheme sends the hash of a body as well, which S3 asks for even of no body',
};

const cases: readonly Case[] = [
  { name: 'a request without anything', service: 'execute-api', to: '/' },
  { name: 'a path and a query', service: 'execute-api', to: '/v1/items?a=2&b=1' },
  { name: 'a header of its own', service: 'sqs', to: '/', options: ['--header', 'X-Own:  two  blanks '] },
  { name: 'a session', service: 'sts', to: '/', options: ['--header', 'X-Amz-Security-Token: token/+=='] },
  { name: 'another method', service: 'lambda', to: '/f', options: ['--request', 'DELETE'] },
  {
    name: 'JSON',
    service: 'lambda',
    to: '/f',
    options: ['--header', 'Content-Type: application/json', '--data', '{"a":1}'],
    more: HASH,
  },
  { name: 'an S3 object', service: 's3', to: '/bucket/key', more: HASH },
];

function run(options: readonly string[]): Promise<void> {
  const child = spawn('curl', ['--disable', '--silent', '--noproxy', '*', '--max-time', '5', ...options], {
    stdio: 'ignore',
  });
  return new Promise((done) => child.on('close', () => done()));
}

const headerOf = ({ headers }: Recorded, name: string): string =>
  headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? '';

describe.skipIf(!isPresent)('curl --aws-sigv4 (skipped where curl is missing)', () => {
  let recorder: Recorder;
  beforeAll(async () => {
    recorder = await startRecorder();
  });
  afterAll(() => recorder.close());

  it.each(cases)('signs $name as the scheme does', async ({ service, to, options = [], more }) => {
    const user = ['--user', `${key.accessKey}:${key.secretKey}`, '--aws-sigv4', `aws:amz:${key.region}:${service}`];
    await run([...user, ...options, recorder.origin + to]);
    const [sent] = recorder.take();
    if (!sent) throw new Error('curl sent nothing');
    const theirs = headerOf(sent, 'authorization');
    const [, signed = '', value] = /SignedHeaders=([^,]+), Signature=(\w+)$/.exec(theirs) ?? [];
    const names = signed.split(';');

    // The same headers, the same signature.
    const at = headerOf(sent, 'x-amz-date');
    const sigV4Key: SigV4Key = { ...key, service, at };
    const headers = sent.headers.filter(([name]) => names.includes(name.toLowerCase()));
    const payloadHash = sha256(sent.body);
    const rules = { normalise: service !== 's3', decodeFirst: service === 's3' };
    const canonical = canonicalRequest({ ...sent, headers, payloadHash }, rules);
    expect(signature(stringToSign(canonical, sigV4Key), signingKey(sigV4Key))).toBe(value);

    // And the scheme as a whole signs these headers and no others, but for what is explained.
    const now = Date.parse(at.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:'));
    const own = sent.headers.filter(([name]) => names.includes(name.toLowerCase()) && !/^(?:host|x-amz-)/i.test(name));
    const ours = signDraft(
      'awsv4',
      { ...key, service, sessionToken: headerOf(sent, 'x-amz-security-token') },
      {
        method: sent.method,
        target: sent.target,
        headers: own,
        body: sent.body,
        place: { scheme: 'http', host: recorder.origin.slice('http://'.length), now },
      },
    ).headers.authorization;
    const wanted = [...names, ...(more?.headers ?? [])].sort();
    expect(/SignedHeaders=([^,]+)/.exec(ours ?? '')?.[1], more?.why).toBe(wanted.join(';'));
    if (!more) expect(ours).toBe(theirs);
  });
});
