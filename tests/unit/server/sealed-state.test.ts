// What a 2026-07-28 client could send in place of an answer: the request state is in its hands.
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createShop } from '../tools/shop.ts';
import type { Content, Stand } from '../tools/stand.ts';
import { serveOnWire, type Wire } from './wire.ts';

const WRITE = { request_id: 'Create item', environment_id: 'dev' };
const YES = { approval: { action: 'accept', content: { approve: true } } };

let stand: Stand;
let wire: Wire;
let call: (params: object) => Promise<Content>;

beforeEach(async () => {
  stand = await createShop();
  wire = serveOnWire(stand);
  const waiting = new Map<number, (message: Content) => void>();
  createInterface({ input: wire.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Content;
    waiting.get(message.id)?.(message);
  });
  let ids = 0;
  call = (params) => {
    ids += 1;
    const id = ids;
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    };
    const frame = {
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'execute_request', arguments: WRITE, ...params, _meta },
    };
    wire.stdin.write(`${JSON.stringify(frame)}\n`);
    return new Promise((resolve) => waiting.set(id, resolve));
  };
});

afterEach(async () => {
  wire.stdin.end();
  await wire.served;
  await stand.close();
});

async function ask(): Promise<string> {
  const { result } = await call({});
  expect(result).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
  expect(result.inputRequests.approval).toMatchObject({ method: 'elicitation/create' });
  return result.requestState;
}

it('P7: the state and the answer together send the request, once', async () => {
  const requestState = await ask();
  const { result } = await call({ requestState, inputResponses: YES });
  expect(result.structuredContent.status).toBe(200);
  const again = await call({ requestState, inputResponses: YES });
  expect(again.result.resultType).toBe('input_required');
  expect(stand.arrived).toHaveLength(1);
});

const forgeries: readonly [string, (state: string) => object][] = [
  ['no state', () => ({ inputResponses: YES })],
  ['an empty state', () => ({ requestState: '', inputResponses: YES })],
  ['a state of its own', () => ({ requestState: 'v1.e30.AAAA', inputResponses: YES })],
  ['a changed state', (state) => ({ requestState: flip(state), inputResponses: YES })],
  [
    'the state for another request',
    (state) => ({ requestState: state, inputResponses: YES, arguments: { ...WRITE, body: 'x' } }),
  ],
];

it.each(forgeries)('P7 P8: %s asks anew and sends nothing', async (_, forge) => {
  const { result } = await call(forge(await ask()));
  expect(result.resultType).toBe('input_required');
  expect(stand.arrived).toEqual([]);
});

const refusals: readonly [string, object][] = [
  ['no answer', {}],
  ['an answer that is no form', { approval: { roots: [] } }],
  ['an answer without a yes', { approval: { action: 'accept' } }],
  ['a yes as text', { approval: { action: 'accept', content: { approve: 'true' } } }],
  ['an answer to another question', { other: YES.approval }],
];

it.each(refusals)('P7: the state with %s is declined', async (_, inputResponses) => {
  const { result } = await call({ requestState: await ask(), inputResponses });
  expect(JSON.parse(result.content[0].text).code).toBe('POLICY/APPROVAL_DECLINED');
  expect(stand.arrived).toEqual([]);
});

it('P7: a state made for one tool is worth nothing for another', async () => {
  const requestState = await ask();
  const { result } = await call({ name: 'execute_read_request', requestState, inputResponses: YES });
  expect(JSON.parse(result.content[0].text).code).toBe('REQUEST/NOT_READ_ONLY');
  const used = await call({ requestState, inputResponses: YES });
  expect(used.result.structuredContent.status).toBe(200);
});

/** Another payload under the same signature. */
function flip(state: string): string {
  const [version, body = '', mac] = state.split('.');
  const changed = Buffer.from(body, 'base64url')
    .toString()
    .replace(/"exp":\d+/, '"exp":99999999999');
  return [version, Buffer.from(changed).toString('base64url'), mac].join('.');
}
