import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gateLimits } from '../../../../shared/http-limits.ts';
import { type GateRules, passGate } from '../../../../src/server/http/gate.ts';

const header = z.tuple([z.string(), z.string()]);

const vectors = z.strictObject({
  about: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      method: z.string().default('POST'),
      target: z.string().default('/mcp'),
      host: z.array(z.string()).default(['localhost']),
      headers: z.array(header).default([]),
      verdict: z.union([z.literal('passed'), z.literal('preflight'), z.number()]),
    }),
  ),
});

const { cases } = vectors.parse(JSON.parse(readFileSync('tests/vectors/http-gate.json', 'utf8')));

const rules: GateRules = {
  hosts: ['localhost', '127.0.0.1', '[::1]', 'keyward.example'],
  origins: ['https://app.example', 'null'],
  paths: new Map([['/mcp', ['POST']]]),
};

describe('the gate', () => {
  it.each(cases)('$name: $verdict', ({ method, target, host, headers, verdict }) => {
    const rawHeaders = [...host.map((each) => ['Host', each]), ...headers].flat();
    const found = passGate({ method, target, rawHeaders }, rules);
    expect(found.kind === 'refused' ? found.status : found.kind).toBe(verdict);
  });

  it.each([
    ['as many header fields as it takes', gateLimits.headers, 'passed'],
    ['one more', gateLimits.headers + 1, 'refused'],
  ])('%s', (_, count, kind) => {
    const more = Array.from({ length: count - 1 }, (__, at) => [`X-${at}`, '1']).flat();
    expect(passGate({ method: 'POST', target: '/mcp', rawHeaders: ['Host', 'localhost', ...more] }, rules).kind).toBe(
      kind,
    );
  });

  it('tells the methods of a path', () => {
    const refused = passGate({ method: 'GET', target: '/mcp', rawHeaders: ['Host', 'localhost'] }, rules);
    expect(refused).toMatchObject({ status: 405, headers: { Allow: 'POST' } });
  });

  it('allows a listed page the headers of a call, by name, and no credentials of the browser', () => {
    const asked = 'authorization, content-type, mcp-name, x-other, cookie';
    const rawHeaders = ['Host', 'localhost', 'Origin', 'https://app.example', 'Access-Control-Request-Method', 'POST'];
    const found = passGate(
      { method: 'OPTIONS', target: '/mcp', rawHeaders: [...rawHeaders, 'Access-Control-Request-Headers', asked] },
      rules,
    );
    expect(found).toEqual({
      kind: 'preflight',
      cors: {
        'Access-Control-Allow-Origin': 'https://app.example',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'authorization, content-type, mcp-name',
        'Access-Control-Expose-Headers': expect.stringContaining('WWW-Authenticate'),
        'Access-Control-Max-Age': expect.any(String),
        Vary: 'Origin',
      },
    });
  });
});
