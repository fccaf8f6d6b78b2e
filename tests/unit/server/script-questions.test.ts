// What scripts send, and the request itself, each put to a person within one call, over the real clients of both eras.
import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createScriptStand, type ScriptStand, sending } from '../execute/script-stand.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { type Connect, clients, type Elicited } from './clients.ts';
import { serveOnWire, type Wire } from './wire.ts';

const YES: Elicited = { action: 'accept', content: { approve: true } };
const post = (path: string) => sending({ url: `{{base}}${path}`, method: 'POST' });
const many = Array.from({ length: limits.approvalRounds }, (_, n) => post(`/${n}`)).join('\n');

describe.each(clients)('%s', (_, connect: Connect) => {
  let stand: ScriptStand;
  let wire: Wire;
  afterEach(async () => {
    wire.stdin.end();
    await wire.served;
    await stand.close();
  });

  async function ask(before: string, answers: readonly Elicited[]) {
    stand = await createScriptStand({ scripts, items: () => [{ name: 'Create', method: 'POST', before }] });
    wire = serveOnWire(stand);
    const asked: string[] = [];
    const elicit = (message: string) => {
      asked.push(message.split('\n')[1]?.replace(stand.origin, '') ?? '');
      return answers[asked.length - 1] ?? YES;
    };
    const client = await connect(wire.transport, { elicit });
    const result = await client.callTool('execute_request', { request_id: 'Create', environment_id: 'dev' });
    return { asked, result };
  }

  it('P8: as many questions as scripts may lead to, and one for the request: each sends what it shows', async () => {
    const { asked, result } = await ask(many, []);
    expect(asked).toEqual([...Array.from({ length: limits.approvalRounds }, (__, n) => `POST /${n}`), 'POST /items']);
    expect(result.structuredContent.status).toBe(200);
    expect(stand.arrived).toEqual(asked);
  });

  it('P7: a no to one of them ends the call', async () => {
    const { asked, result } = await ask(many, [YES, { action: 'decline' }]);
    expect(asked).toEqual(['POST /0', 'POST /1']);
    expect(JSON.parse(result.content[0].text).code).toBe('POLICY/APPROVAL_DECLINED');
    expect(stand.arrived).toEqual(['POST /0']);
  });
});
