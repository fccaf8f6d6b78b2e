// The chain of keys of AWS Signature Version 4 as a script builds it, against the published suite.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rendered } from '../../shared/template/template.ts';
import { derive } from '../../src/signer/derive.ts';
import { computed, leaf, openFrom, plain } from '../unit/signer/derived-expression.ts';

const folder = resolve(import.meta.dirname, '../../../shared/vectors/aws-sigv4/tests/aws-signing-test-suite/v4');
const cases = existsSync(folder) ? readdirSync(folder).sort() : [];
const signal = new AbortController().signal;
const HMAC = { name: 'hmac', algorithm: 'sha256' } as const;

interface Context {
  readonly credentials: { readonly secret_access_key: string };
  readonly region: string;
  readonly service: string;
}

async function signatureOf(name: string): Promise<readonly [made: string | undefined, published: string]> {
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8');
  const context = JSON.parse(read('context.json')) as Context;
  const toSign = read('header-string-to-sign.txt');
  const [, , scope = ''] = toSign.split('\n');
  const steps = [scope.slice(0, 8), context.region, context.service, 'aws4_request'];
  const key = steps.reduce<Rendered>(
    (before, step) => [computed(HMAC, [plain(step)], before)],
    [plain('AWS4'), leaf('secret')],
  );
  const signature = computed({ name: 'encode', to: 'hex' }, [computed(HMAC, [plain(toSign)], key)]);
  const derived = await derive([signature], openFrom({ secret: context.credentials.secret_access_key }), signal);
  return [derived.ok ? derived.value.texts.get(signature) : derived.failure.code, read('header-signature.txt').trim()];
}

describe.skipIf(cases.length === 0)(
  'AWS Signature Version 4 by a script (skipped where ../shared/vectors is missing)',
  () => {
    it.each(cases)('%s', async (name) => {
      const [made, published] = await signatureOf(name);
      expect(made).toBe(published);
    });
  },
);
