// What is told of a computation over secrets, and what tells two of them apart.
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import type { DerivedPiece, Rendered, Template, TemplatePart } from '../../../shared/template/template.ts';
import { createKeys } from '../../../src/courier/tokens-key.ts';
import { describeVariables } from '../../../src/execute/describe-variables.ts';
import { shownBody, shownHeaders, shownUrl } from '../../../src/execute/plan-view.ts';
import { planSecrets, secretRefs } from '../../../src/execute/secrets-of.ts';
import { loginNames } from '../../../src/oauth/login-name.ts';
import { planTo, text } from '../courier/stand.ts';
import { computed, leaf, plain } from '../signer/derived-expression.ts';
import { handle, lookupIn, scopeOf, variables } from '../template/scope-of.ts';

const HMAC = { name: 'hmac', algorithm: 'sha256' } as const;
const SHA512 = { name: 'hmac', algorithm: 'sha512' } as const;
const BASE64 = { name: 'encode', to: 'base64' } as const;
const part = (inputs: readonly Template[], operation: typeof HMAC | typeof BASE64 = BASE64): TemplatePart => ({
  kind: 'derived',
  operation,
  inputs,
});

describe('views', () => {
  const handles = lookupIn([handle('KEY')]);
  const mac = computed(BASE64, [computed(HMAC, [plain('m')], [leaf('KEY')])]);

  it('a plan shows none of it, and names the handles in it', () => {
    const plan = planTo({
      ...{ to: 'https://api.example.com/a', method: 'POST', body: { kind: 'text', text: [plain('s='), mac] } },
      query: [{ name: text('s'), value: [mac] }],
      headers: [{ name: 'X-Sign', value: [plain('v1 '), mac] }],
    });
    expect([shownUrl(plan), shownHeaders(plan), shownBody(plan.body)]).toEqual([
      'https://api.example.com/a?s=[secret]',
      [{ name: 'X-Sign', value: 'v1 [secret]' }],
      's=[secret]',
    ]);
    const directory = { find: () => ok(undefined) };
    expect(planSecrets(plan, directory)).toEqual({ handles: [{ id: 'KEY', name: 'KEY' }], inline: false });
    const own = computed(BASE64, [{ kind: 'inline', value: seal('of the file') }]);
    const inline = planTo({ to: 'https://api.example.com/a', headers: [{ name: 'X', value: [own] }] });
    expect(planSecrets(inline, directory)).toEqual({ handles: [], inline: true });
  });

  it('a variable that holds one is a secret, and what stands in its inputs is described', () => {
    const made = part(
      [part([lexTemplate('{{path}}'), lexTemplate('{{vault:KEY}}{{pepper}}')], HMAC)].map((each) => [each]),
    );
    const collection = [
      { ...variables([['made', '']])[0], name: 'made', value: [made], enabled: true, secret: false },
      ...variables([
        ['path', '/orders'],
        ['pepper', 'p-in-a-variable'],
      ]),
    ];
    expect(describeVariables([lexSealed('{{made}}')], scopeOf({ collection, handles }))).toEqual([
      { name: 'made', status: 'secret', source: 'collection' },
      { name: 'path', status: 'set', source: 'collection', value: '/orders' },
      { name: 'vault:KEY', status: 'secret', source: 'vault' },
      { name: 'pepper', status: 'secret', source: 'collection' },
    ]);
    expect(secretRefs([made], handles)).toEqual([{ kind: 'inline' }]);
    expect(secretRefs([{ kind: 'captured', name: 'token_1' }], handles)).toEqual([
      { kind: 'handle', id: 'captured:token_1' },
    ]);
  });
});

describe('what tells them apart', () => {
  const sealed = seal('of the file');
  const different: readonly DerivedPiece[] = [
    computed(HMAC, [plain('m')], [leaf('KEY')]),
    computed(SHA512, [plain('m')], [leaf('KEY')]),
    computed(HMAC, [plain('n')], [leaf('KEY')]),
    computed(HMAC, [plain('m')], [leaf('OTHER')]),
    computed(HMAC, [plain('m'), leaf('KEY')], []),
    computed(HMAC, [plain('m')], [{ kind: 'inline', value: sealed }]),
    computed(BASE64, [computed(HMAC, [plain('m')], [leaf('KEY')])]),
  ];
  const again: DerivedPiece = computed(HMAC, [plain('m')], [leaf('KEY')]);

  const keysOf = (clientId: Rendered) => {
    const info = (id: string) => ok({ ...handle(id), id, updatedAt: 1 });
    const keys = createKeys();
    return (value: Rendered) =>
      keys({
        stated: [],
        url: 'https://auth.example/token',
        tier: 'reading',
        signer: { describe: info },
        fields: { clientId, clientSecret: value },
        grant: 'client_credentials',
      }).token;
  };

  it('tokens that come of other computations are other tokens', () => {
    const key = keysOf(text('id'));
    const made = different.map((piece) => key([piece]));
    expect(new Set(made).size).toBe(different.length);
    expect(key([again])).toBe(made[0]);
    expect(made.join()).not.toContain('of the file');
  });

  it('logins with other computations are other logins', () => {
    const name = (piece: DerivedPiece) => loginNames({ type: 'oauth2', fields: { clientId: [piece] } }).refresh;
    expect(new Set(different.map(name)).size).toBe(different.length);
    expect(name(again)).toBe(different.map(name)[0]);
  });
});
