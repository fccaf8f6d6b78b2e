// `pm.sendRequest` and `pm.execution.runRequest`: the host sends, through everything that any request passes.
import type { ScriptReply } from '../../../../shared/script/job.ts';
import type { Run } from '../run.ts';
import { receivedResponse } from './received-response.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import { scriptRequestOf } from './script-request.ts';

export type SendRequest = (request: unknown, callback?: unknown) => unknown;

/** `pm` is what callbacks get as `this`, and what a call with a callback gives. */
export function createSendRequest(run: Run, pm: () => unknown): SendRequest {
  const send = async (definition: unknown): Promise<Response> => {
    if (!definition) throw new Error('sendrequest: nothing to request');
    const request = definition instanceof Request ? definition : new Request(definition);
    return responseIn(run, await run.send(scriptRequestOf(request)));
  };
  return (definition, callback) => {
    const response = send(definition);
    if (typeof callback !== 'function') return response;
    const call = (...values: unknown[]): void => {
      try {
        Reflect.apply(callback, pm(), values);
      } catch (thrown) {
        run.fail(thrown);
      }
    };
    response.then(
      (received) => call(null, received, { cookies: received.cookies }),
      // Postman's runtime gives an empty answer beside the error; scripts read its code before they look at the error.
      (thrown: unknown) => call(thrown, new Response()),
    );
    return pm();
  };
}

/** Throws what the host refused, with its code. */
export function responseIn(run: Run, reply: ScriptReply): Response {
  if (reply.ok) return receivedResponse(run, reply.response);
  throw Object.assign(new Error(reply.message), { code: reply.code });
}
