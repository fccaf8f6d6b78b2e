import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseScopes, type Reach, reachOfToken } from '../../../../shared/access/reach.ts';
import { tokenLimits } from '../../../../shared/access/token-limits.ts';
import type { IssuerSettings } from '../../../../shared/config/http-settings.ts';
import { claimVariables } from '../../../../src/access/claims.ts';
import { resourceMetadata } from '../../../../src/access/oauth/metadata.ts';
import { tokenPrincipal } from '../../../../src/access/oauth/token-principal.ts';
import { settingsOf } from './issuer.ts';

const ISSUER = 'https://idp.example';
const principal = (claims: object, changes: Partial<IssuerSettings> = {}) =>
  tokenPrincipal({ sub: 'user-1', ...claims }, settingsOf(ISSUER, changes), {});

function reach(...scopes: string[]): Reach {
  const parsed = parseScopes(scopes);
  if (!parsed.ok) throw new Error(parsed.failure.code);
  return parsed.value;
}

describe('P10: what a token reaches', () => {
  const nothing = reachOfToken([]);
  const rows: [what: string, claims: object, changes: Partial<IssuerSettings>, Reach][] = [
    ['no scope claim', {}, {}, nothing],
    ['an empty one', { scope: '' }, {}, nothing],
    ['scopes of others', { scope: 'openid profile' }, {}, nothing],
    ['words', { scope: 'openid read collection:Shop' }, {}, reach('read', 'collection:Shop')],
    ['a list', { scp: ['read', 7, 'execute'] }, { scopeClaim: 'scp' }, reach('read', 'execute')],
    ['a path', { realm: { roles: ['history'] } }, { scopeClaim: 'realm.roles' }, reach('history')],
    [
      'a name with dots',
      { 'https://a.example/scope': 'read' },
      { scopeClaim: 'https://a.example/scope' },
      reach('read'),
    ],
    ['a prefix', { scope: 'keyward:read execute' }, { scopePrefix: 'keyward:' }, reach('read')],
    ['a word that cannot be read', { scope: 'read collection:50%-off' }, {}, reachOfToken(['read', 'collection:'])],
    [
      'a word that cannot be read, of a list',
      { scope: ['kw:read', 'kw:collection:Pay roll'] },
      { scopePrefix: 'kw:' },
      reachOfToken(['read', 'collection:']),
    ],
    [
      'words in one of a list grant nothing, and narrow',
      { scope: ['kw:read', 'openid kw:execute\tkw:handle:KEY'] },
      { scopePrefix: 'kw:' },
      reachOfToken(['read', 'handle:']),
    ],
    ['words apart by a tab', { scope: 'read execute\tcollection:Shop' }, {}, reachOfToken(['read', 'collection:'])],
    ['a list of groups of a directory', { scope: ['Domain Users', 'read'] }, {}, reach('read')],
    ['another kind of value', { scope: { read: true } }, { granted: reach('read') }, nothing],
    ['granted without the claim', {}, { granted: reach('read') }, reach('read')],
    ['nothing granted beside the claim', { scope: 'openid' }, { granted: reach('read') }, nothing],
    [
      'no more than the most',
      { scope: 'read execute:unsafe' },
      { most: reach('read', 'execute') },
      reach('read', 'execute'),
    ],
    ['nor where it is granted', {}, { granted: reach('read', 'history'), most: reach('read') }, reach('read')],
    ['inherited members are none', {}, { scopeClaim: 'constructor.name', granted: reach('read') }, reach('read')],
  ];
  it.each(rows)('%s', (_, claims, changes, expected) => {
    expect(principal(claims, changes)?.reach).toEqual(expected);
  });
});

describe('who a token stands for', () => {
  it('issuer, subject and client, each of which makes another', () => {
    const expected = createHash('sha256')
      .update(JSON.stringify([ISSUER, 'user-1', 'app']))
      .digest('hex');
    expect(principal({ azp: 'app' })?.id).toBe(`oauth:${expected}`);
    const ids = [{}, { azp: 'app' }, { client_id: 'other' }, { sub: 'user-2' }, { azp: '' }].map(
      (each) => principal(each)?.id,
    );
    expect(new Set(ids).size).toBe(4);
    expect(tokenPrincipal({ sub: 'user-1' }, settingsOf('https://other.example'), {})?.id).not.toBe(principal({})?.id);
    expect(principal({ sub: 'user-1","app' })?.id).not.toBe(principal({ azp: 'app' })?.id);
  });

  it('is told of by subject and client', () => {
    expect(principal({ client_id: 'app' })?.about).toEqual({ name: 'user-1', client: 'app' });
  });
});

describe('claims that fill variables', () => {
  const long = 'x'.repeat(tokenLimits.claimChars);
  const rows: [what: string, path: string, claims: Record<string, unknown>, string | undefined][] = [
    ['text', 'tenant', { tenant: 'acme' }, 'acme'],
    ['a path', 'org.id', { org: { id: 'acme' } }, 'acme'],
    ['the whole name first', 'org.id', { 'org.id': 'whole', org: { id: 'part' } }, 'whole'],
    ['a namespace', 'https://a.example/org.id', { 'https://a.example/org': { id: 'acme' } }, 'acme'],
    ['a number', 'n', { n: 42 }, '42'],
    ['a number that was not rounded', 'n', { n: Number.MAX_SAFE_INTEGER }, '9007199254740991'],
    ['a number that was', 'n', { n: Number.MAX_SAFE_INTEGER + 1 }, undefined],
    ['a truth value', 'b', { b: false }, 'false'],
    ['the longest', 'tenant', { tenant: long }, long],
    ['a longer one', 'tenant', { tenant: `${long}x` }, undefined],
    ['an empty one', 'tenant', { tenant: '' }, undefined],
    ['a control character', 'tenant', { tenant: 'a\nb' }, undefined],
    ['half a character', 'tenant', { tenant: 'a\ud800' }, undefined],
    ['a list', 'tenant', { tenant: ['acme'] }, undefined],
    ['an object', 'org', { org: { id: 'acme' } }, undefined],
    ['nothing', 'tenant', { tenant: null }, undefined],
    ['none', 'tenant', {}, undefined],
    ['a member of every object', 'constructor.name', {}, undefined],
    ['a part of a text', 'tenant.length', { tenant: 'acme' }, undefined],
  ];
  it.each(rows)('%s', (_, path, claims, expected) => {
    expect(claimVariables({ variable: path }, claims)).toEqual({ variable: expected });
  });

  it('are all there for a caller without claims, with no value', () => {
    expect(Object.entries(claimVariables({ tenant: 'org.id', plan: 'plan' }))).toEqual([
      ['tenant', undefined],
      ['plan', undefined],
    ]);
  });
});

describe('metadata of the resource', () => {
  const oauth = [settingsOf(ISSUER), settingsOf('https://other.example', { scopePrefix: 'keyward:' })];

  it('name the resource, who gives tokens for it, and the least to ask for', () => {
    expect(resourceMetadata({ publicUrl: 'https://keyward.example.com/mcp', oauth })).toEqual({
      url: 'https://keyward.example.com/.well-known/oauth-protected-resource/mcp',
      document: {
        resource: 'https://keyward.example.com/mcp',
        authorization_servers: [ISSUER, 'https://other.example'],
        scopes_supported: ['read', 'execute', 'keyward:read', 'keyward:execute'],
        bearer_methods_supported: ['header'],
        resource_name: 'Keyward',
      },
    });
  });

  it.each([
    ['https://a.example', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example/', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example:8443/x/mcp', 'https://a.example:8443/.well-known/oauth-protected-resource/x/mcp'],
    ['https://a.example/mcp?x=1', 'https://a.example/.well-known/oauth-protected-resource/mcp?x=1'],
  ])('of %s are at %s', (publicUrl, url) => {
    expect(resourceMetadata({ publicUrl, oauth })?.url).toBe(url);
  });

  it('are nowhere without an issuer or an address', () => {
    expect(resourceMetadata({ publicUrl: 'https://a.example', oauth: [] })).toBe(undefined);
    expect(resourceMetadata({ oauth })).toBe(undefined);
  });
});
