import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../shared/config/check-config.ts';
import { commonAgent, statedAgent } from '../../../shared/config/stated-agent.ts';
import { covers, DEFAULT_AGENT_HEADERS, judgeAddedHeader } from '../../../shared/request/agent-headers.ts';
import { handle } from '../template/scope-of.ts';
import { planOf } from './plan-support.ts';

const TOKEN = '{{captured:access_token_1}}';
const codeOf = (name: string, value: string, allowed?: readonly string[]) => {
  const judged = judgeAddedHeader(name, value, allowed);
  return judged.ok ? 'may' : judged.failure.code;
};

describe('a header that an agent adds', () => {
  it.each([
    'X-Mode',
    'x-request-id',
    'X-Idempotency-Key',
    'X-Page-Token',
    'X-Consumer',
    'X-Consumer-Version',
    'X-Remotely',
    'X-Hasurax',
    'X-Vouched-For',
    'X-Anonymous',
    'X-Authenticated-At',
    'X-Endpoint-Api',
    'Accept',
    'ACCEPT-LANGUAGE',
    'Content-Type',
    'Content-Disposition',
    'If-None-Match',
    'If-Unmodified-Since',
    'Range',
    'Cache-Control',
    'Prefer',
    'Idempotency-Key',
  ])('%s may be', (name) => expect(codeOf(name, 'v')).toBe('may'));

  it.each([
    'X',
    'Xmode',
    'X_Mode',
    'Accept-Encoding',
    'Acceptance',
    'Content-Encoding',
    'User-Agent',
    'Origin',
    'Referer',
    'Destination',
    'SOAPAction',
    'Sudo',
    'Impersonate-User',
    'Host',
    'Content-Length',
    'Proxy-Anything',
    'X-Forwarded-Host',
    'X-Original-URL',
  ])('P8: %s may not', (name) => {
    expect(codeOf(name, 'v')).toBe('REQUEST/HEADER_INVALID');
  });

  const credentials = [
    'Authorization',
    'X-Authorization',
    'X-Api-Key',
    'Api-Key',
    'X-Auth-Token',
    'X-Amz-Security-Token',
    'X-Session-Id',
    'X-CSRF-Token',
    'Private-Token',
    'X-Vault-Token',
    'X-Client-Secret',
    'X_Api_Key',
    'X-Remote-User',
    'X-Forwarded-User',
    'X-Forwarded-Groups',
    'X-WebAuth-User',
    'X-MS-Client-Principal-Id',
    'X-Amzn-Oidc-Data',
    'X-Goog-Authenticated-User-Email',
    'Cf-Access-Authenticated-User-Email',
    'X-SSL-Client-Verify',
    'X-Client-Dn',
    'X-Consumer-Username',
    'X-Consumer-ID',
    'X_Consumer_Custom_Id',
    'X-Consumer-Groups',
    'X-Credential-Identifier',
    'X-Anonymous-Consumer',
    'X-Authenticated-Scope',
    'X-Authenticated-Userid',
    'X-Apigateway-Api-Userinfo',
    'X-Endpoint-API-UserInfo',
    'X-Vouch-User',
    'X-Vouch-IdP-Claims-Groups',
    'X-Authelia-User',
    'X-Remote-Group',
    'X-Remote-Extra-Scopes',
    'Remote-Name',
    'X-Hasura-Role',
    'X-Hasura-User-Id',
  ];

  it.each(credentials)(
    'P8: %s says who calls: nothing but what an answer gave out, whatever the operator lists',
    (name) => {
      for (const allowed of [undefined, ['*'], [name.toLowerCase()]]) {
        for (const value of ['v', '', `${TOKEN}x`, `a b ${TOKEN}`, '{{vault:KEY}}', `${TOKEN}, ${TOKEN}`])
          expect(codeOf(name, value, allowed)).toBe('REQUEST/HEADER_INVALID');
        expect(codeOf(name, TOKEN, allowed)).toBe('may');
        expect(codeOf(name, `Bearer ${TOKEN}`, allowed)).toBe('may');
      }
    },
  );

  it.each(['Cookie', 'cookie2', 'Host', 'Transfer-Encoding', 'X-Rewrite-Url'])(
    'P8: %s never, captured or listed',
    (name) => {
      for (const value of ['v', TOKEN]) expect(codeOf(name, value, ['*'])).toBe('REQUEST/HEADER_INVALID');
    },
  );

  it('may be another where the operator lists it, and none where the list is empty', () => {
    expect(codeOf('SOAPAction', 'v', ['soap*'])).toBe('may');
    expect(codeOf('SOAP', 'v', ['soap*'])).toBe('may');
    expect(codeOf('SOA', 'v', ['soap*'])).toBe('REQUEST/HEADER_INVALID');
    expect(codeOf('X-Mode', 'v', [])).toBe('REQUEST/HEADER_INVALID');
  });

  it('P8: stands beside those that are saved, which may be changed and removed unless they carry a secret', () => {
    const headers = [
      ['User-Agent', 'saved'],
      ['X-Session', '{{who}}'],
      ['X-Key', '{{vault:k}}'],
    ] as const;
    const sketch = { headers, environment: [['who', 'ann']] as const, handles: [handle('k')] };
    const with_ = (changes: Record<string, string | null>) => {
      const plan = planOf({ ...sketch, overrides: { headers: changes } });
      return plan.ok ? plan.value.headers.map(({ name }) => name) : plan.failure.code;
    };
    expect(with_({ 'user-agent': 'other' })).toEqual(['X-Session', 'X-Key', 'user-agent']);
    expect(with_({ 'X-Session': 'other' })).toEqual(['User-Agent', 'X-Key', 'X-Session']);
    expect(with_({ 'User-Agent': null, Origin: null })).toEqual(['X-Session', 'X-Key']);
    expect(with_({ 'x-key': 'other' })).toBe('REQUEST/HEADER_INVALID');
    expect(with_({ Origin: 'https://a.test' })).toBe('REQUEST/HEADER_INVALID');
    // The second spelling is no saved header because the first one came before it.
    expect(with_({ Sudo: '1', sudo: '2' })).toBe('REQUEST/HEADER_INVALID');
  });

  it('P8: that a variable of the agent names is added', () => {
    const named = (name: string) => {
      const plan = planOf({ headers: [['{{n}}', 'x']], overrides: { variables: { n: name } } });
      return plan.ok ? 'may' : plan.failure.code;
    };
    expect(['X-Mode', 'Accept', 'Sudo', 'X-Api-Key', 'Cookie'].map(named)).toEqual([
      'may',
      'may',
      ...Array.from({ length: 3 }, () => 'REQUEST/HEADER_INVALID'),
    ]);
  });

  it('is told the way out', () => {
    const judged = judgeAddedHeader('Sudo', '1');
    expect(JSON.stringify(judged)).toMatch(/save it in the request.*agent\.headers.*keyward trust/);
  });
});

describe('agent.headers', () => {
  it.each([
    ['*', 'x-a', true],
    ['x-*', 'x-', true],
    ['x-*', 'x', false],
    ['x-*', 'x-a*', true],
    ['x-a*', 'x-*', false],
    ['a', 'a*', false],
  ] as const)('%s takes in %s: %s', (pattern, other, expected) => expect(covers(pattern, other)).toBe(expected));

  it.each([['x-a'], ['X-*'], ['*'], ['soapaction']])('takes %j', (pattern) =>
    expect(checkConfig({ agent: { headers: [pattern] } }).ok).toBe(true),
  );

  it.each([['x-*-a'], ['**'], ['a b'], [''], ['authorization'], ['Cookie'], ['x-api-key'], ['host'], ['proxy-x']])(
    'P8: refuses %j',
    (pattern) => expect(checkConfig({ agent: { headers: [pattern] } }).ok).toBe(false),
  );

  it('P8: of two lists counts what both let be added', () => {
    const one = statedAgent({ headers: ['X-A*', 'accept', 'soap*', 'x-b'] });
    const other = { headers: DEFAULT_AGENT_HEADERS };
    for (const common of [commonAgent(one, other), commonAgent(other, one)])
      expect([...common.headers].sort()).toEqual(['accept', 'x-a*', 'x-b']);
  });
});
