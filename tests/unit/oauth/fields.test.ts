// What the dialects and the plan make of OAuth 2 fields, before anything is minted.
import { describe, expect, it } from 'vitest';
import { isSecretAuthField } from '../../../shared/collection/secret-auth-fields.ts';
import { inheritAuth } from '../../../shared/dialects/postman/auth.ts';
import { writeAuth } from '../../../shared/dialects/postman/write-auth.ts';
import { lexSealed, lexTemplate, templateText } from '../../../shared/template/lex.ts';
import type { Template } from '../../../shared/template/template.ts';
import { planOf } from '../request/plan-support.ts';

const LISTED = {
  type: 'oauth2',
  oauth2: [
    { key: 'grant_type', value: 'client_credentials', type: 'string' },
    { key: 'audience', value: { 'e2b1-id': 'https://aud.example' }, type: 'any' },
    {
      key: 'tokenRequestParams',
      value: [
        { key: 'tenant', value: '{{tenant}}', enabled: true, send_as: 'request_body' },
        { key: 'off', value: 'x', enabled: false, send_as: 'request_body' },
        { key: 'client_assertion', value: 'SECRET-assertion', enabled: true, send_as: 'request_body' },
        { key: 'X-Tenant', value: 'h', enabled: true, send_as: 'request_header' },
        { key: 'tenant', value: 'second', enabled: true, send_as: 'request_url' },
      ],
      type: 'any',
    },
    { key: 'authRequestParams', value: [{ key: 'prompt', value: 'login' }], type: 'any' },
  ],
};

describe('lists of parameters in a Postman file', () => {
  it('P1: become a field each, by the place that they are sent in, credentials sealed', () => {
    const { fields } = inheritAuth([{ from: 'request', auth: LISTED }]);
    const texts = Object.entries(fields).map(([name, template]) => [name, templateText(template)]);
    expect(Object.fromEntries(texts)).toEqual({
      grant_type: 'client_credentials',
      audience: 'https://aud.example',
      'tokenRequestParams.0.body.tenant': '{{tenant}}',
      'tokenRequestParams.2.body.client_assertion': '[secret]',
      'tokenRequestParams.3.header.X-Tenant': 'h',
      'tokenRequestParams.4.query.tenant': 'second',
      'authRequestParams.0.query.prompt': 'login',
    });
    expect(JSON.stringify(fields)).not.toContain('SECRET-');
  });

  it('are lists again when they are written', () => {
    const read = inheritAuth([{ from: 'request', auth: LISTED }]);
    const written = writeAuth(read, templateText);
    const again = inheritAuth([{ from: 'request', auth: written }]);
    const texts = (fields: typeof read.fields) => Object.values(fields).map((template) => templateText(template));
    expect(texts(again.fields)).toEqual(texts(read.fields));
    expect(JSON.stringify(written)).toContain('"send_as":"request_header"');
  });
});

describe('names of parameters', () => {
  const rows: readonly (readonly [field: string, secret: boolean])[] = [
    ['tokenRequestParams.0.body.client_assertion', true],
    ['tokenRequestParams.0.body.client_assertion_type', false],
    ['tokenRequestParams.0.header.Authorization', true],
    ['tokenRequestParams.0.body.tenant', false],
    ['authRequestParams.0.query.prompt', false],
    ['clientSecret', true],
    ['privateKey', true],
    ['accessTokenUrl', false],
  ];

  it.each(rows)('%s: %s', (field, secret) => expect(isSecretAuthField('oauth2', field)).toBe(secret));
});

describe('what the agent moves', () => {
  const fields: Readonly<Record<string, Template>> = {
    accessTokenUrl: lexTemplate('https://{{tenant}}.example/token'),
    scope: lexTemplate('{{scope}}'),
    clientSecret: lexSealed('SECRET-client'),
    audience: lexTemplate('{{sealed}}'),
  };
  const collection = [
    ['tenant', 'id'],
    ['scope', 'read'],
    ['sealed', 'SECRET-audience', 'secret'],
  ] as const;
  const movedBy = (variables: Readonly<Record<string, string>>): readonly string[] | string => {
    const plan = planOf({ auth: { type: 'oauth2', fields, from: 'request' }, collection, overrides: { variables } });
    return plan.ok ? (plan.value.auth.moved ?? []) : plan.failure.code;
  };

  const rows: readonly (readonly [Readonly<Record<string, string>>, readonly string[] | string])[] = [
    [{}, []],
    [{ unused: 'x' }, []],
    [{ tenant: 'evil' }, 'INPUT/INVALID'],
    [{ tenant: 'id' }, []],
    [{ scope: 'all', tenant: 'id' }, ['scope']],
    [{ scope: 'all', tenant: 'other' }, 'INPUT/INVALID'],
    [{ sealed: '[secret]' }, ['audience']],
  ];

  it.each(rows)('P2: %j moves %j', (variables, expected) => expect(movedBy(variables)).toEqual(expected));
});
