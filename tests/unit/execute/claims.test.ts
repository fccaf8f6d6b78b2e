import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import type { Principal } from '../../../shared/policy/policy.ts';
import { type ExecuteInput, executeRequest } from '../../../src/execute/execute-request.ts';
import { shownUrl } from '../../../src/execute/plan-view.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { contentOf } from '../tools/stand.ts';
import { answer, askedBy } from './script-asking.ts';
import { createScriptStand, type RunOptions, type ScriptStand } from './script-stand.ts';

const WRITES = `for (const scope of [pm.environment, pm.collectionVariables, pm.globals, pm.variables]) scope.set('tenant', 'script');`;

let stand: ScriptStand;
beforeAll(async () => {
  stand = await createScriptStand({
    scripts,
    items: () => [
      { name: 'List', path: '/orgs/{{tenant}}/users' },
      { name: 'Writing', path: '/orgs/{{tenant}}/users', before: WRITES },
      { name: 'Create', method: 'POST', path: '/orgs/{{tenant}}/users' },
      { name: 'Create by script', method: 'POST', path: '/orgs/{{tenant}}/users', before: WRITES },
      { name: 'Plain', method: 'POST', path: '/ping' },
    ],
    variables: () => ({ base: 'https://api.example.com', tenant: 'file' }),
  });
});
afterAll(() => stand.close());

const acme: NonNullable<Principal['claims']> = { tenant: 'acme' };

function run(
  input: Partial<ExecuteInput> & { readonly requestId: string },
  claims: Principal['claims'],
  { approval }: RunOptions = {},
) {
  return executeRequest({ environmentId: 'dev', overrides: {}, ...input }, stand.context, {
    principal: { id: 'oauth:1', kind: 'http', ...(claims && { claims }) },
    correlationId: 'call-1',
    signal: new AbortController().signal,
    ...(approval && { approval }),
  });
}

async function plannedUrl(requestId: string, claims: Principal['claims']): Promise<string> {
  const planned = await run({ requestId, dryRun: true }, claims);
  if (!planned.ok) return planned.failure.code;
  return planned.value.kind === 'planned' ? shownUrl(planned.value.plan) : planned.value.kind;
}

describe("P10: a caller's claims", () => {
  it.each(['List', 'Writing'])('fill the URL of %s, whatever files and scripts say', async (requestId) => {
    expect(await plannedUrl(requestId, acme)).toBe('https://api.example.com/orgs/acme/users');
    expect(await plannedUrl(requestId, { tenant: undefined })).toBe('TEMPLATE/CLAIM_MISSING');
  });

  it('are none over stdio, where the names are free', async () => {
    expect(await plannedUrl('List', undefined)).toBe('https://api.example.com/orgs/file/users');
    expect(await plannedUrl('Writing', undefined)).toBe('https://api.example.com/orgs/script/users');
  });

  it('are refused as variables before anything is looked for', async () => {
    const overrides = { variables: { tenant: 'other' } };
    for (const requestId of ['List', 'Writing', 'no such request']) {
      for (const claims of [acme, { tenant: undefined }]) {
        expect(await run({ requestId, overrides }, claims)).toEqual({
          ok: false,
          failure: {
            code: 'INPUT/INVALID',
            facts: { problem: 'the variable "tenant" comes from a claim of the caller' },
          },
        });
      }
    }
  });

  it.each(['Create', 'Create by script', 'Plain'])('are a part of what a person approves: %s', async (requestId) => {
    const asked = askedBy(await run({ requestId }, acme));
    const other = askedBy(await run({ requestId }, { tenant: 'other' }));
    const again = askedBy(await run({ requestId }, { ...acme }));
    expect(again.digest).toBe(asked.digest);
    expect(other.digest).not.toBe(asked.digest);
    const unapproved = askedBy(await run({ requestId }, { tenant: 'other' }, answer(asked)));
    expect(unapproved.digest).toBe(other.digest);
  });

  it('show in a description as filled, without their value', async () => {
    const [contract] = contracts.filter(({ name }) => name === 'describe_request');
    if (!contract) throw new Error('no such tool');
    const describeFor = async (claims: Principal['claims']) => {
      const principal = { id: 'oauth:1', kind: 'http', ...(claims && { claims }) } as const;
      const args = { request_id: 'List', environment_id: 'dev' };
      const shown = await stand.toolbox.run(contract, args, { principal, signal: new AbortController().signal });
      const { variables } = contentOf(shown) as { variables: readonly { readonly name: string }[] };
      return variables.find(({ name }) => name === 'tenant');
    };
    expect(await describeFor(acme)).toEqual({ name: 'tenant', status: 'set', source: 'claim' });
    expect(await describeFor({ tenant: undefined })).toEqual({ name: 'tenant', status: 'missing', source: 'claim' });
    expect(await describeFor(undefined)).toMatchObject({ source: 'environment', value: 'file' });
  });
});
