import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { ok } from '../../../shared/failure/result.ts';
import type { ExecutionContext } from '../../../src/execute/ports.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import { createShop } from './shop.ts';
import { failureOf, type Stand } from './stand.ts';

describe('a policy that is tightened while a call is under way', () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await createShop();
  });
  afterEach(() => stand.close());

  /** Each opening is stale once it is there, as often as said. */
  const run = async (changes: number, more: (opened: number) => Partial<ExecutionContext> = () => ({})) => {
    let version = 0;
    let opened = 0;
    const toolbox = createToolbox({
      open: async () => {
        const openedAs = version;
        opened += 1;
        if (opened <= changes) version += 1;
        const hidden = {
          ...stand.context.policy,
          access: { default: 'hidden', collections: {}, environments: {} },
        } as const;
        const policy = openedAs === 0 ? stand.context.policy : hidden;
        return ok({ ...stand.context, policy, isCurrent: () => openedAs === version, ...more(opened) });
      },
      now: Date.now,
      randomId: () => 'id',
    });
    const contract = contracts.find(({ name }) => name === 'execute_read_request');
    if (!contract) throw new Error('no tool');
    const input = { request_id: 'List items', environment_id: 'dev' };
    const call = { principal: { id: 'test', kind: 'stdio' }, signal: new AbortController().signal } as const;
    const result = await toolbox.run(contract, input, call);
    return { opened, code: result.kind === 'result' && result.isError ? failureOf(result).code : 'sent' };
  };

  it.each([
    [0, 1, 'sent'],
    [1, 2, 'REQUEST/NOT_FOUND'],
    [2, 3, 'REQUEST/NOT_FOUND'],
    [3, 3, 'POLICY/CHANGED'],
  ])('P7: %d times before it is open: opened %d times, then %s', async (changes, opened, code) => {
    expect(await run(changes)).toEqual({ opened, code });
    expect(stand.arrived).toHaveLength(code === 'sent' ? 1 : 0);
  });

  it('P7 P11: after that is refused before anything is sent, and recorded', async () => {
    let asked = 0;
    const isCurrent = () => {
      asked += 1;
      return asked === 1;
    };
    expect(await run(0, () => ({ isCurrent }))).toEqual({ opened: 1, code: 'POLICY/CHANGED' });
    expect(stand.arrived).toEqual([]);
    expect(stand.journal).toMatchObject([{ type: 'denied', failure: 'POLICY/CHANGED' }]);
  });
});
