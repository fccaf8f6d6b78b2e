// One POST to the endpoint: who calls, whether they may now, what they sent, and then the SDK.
import { scopesOf } from '../../../shared/access/reach.ts';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { failure } from '../../../shared/failure/failure.ts';
import type { Principal } from '../../../shared/policy/policy.ts';
import type { CallScope } from '../call-scope.ts';
import { authenticate, type Caller, refuseCaller } from './authenticate.ts';
import type { CallUnderWay } from './call-under-way.ts';
import { clientOf } from './client-name.ts';
import { answer, sdkRequest } from './exchange.ts';
import type { HttpApp } from './http-app.ts';
import { METHODS } from './methods.ts';
import { neededGroups } from './needed-scope.ts';
import { fieldOf, type Message, parseMessage } from './parse-message.ts';
import { readBody } from './read-body.ts';
import { answerRefusal, type HttpRefusal, notAccepted } from './refusal.ts';
import type { Sdk } from './sdk.ts';

/** Answers a call; resolves when everything is written, or the client is gone. */
export async function handleCall(app: HttpApp, sdk: Sdk, call: CallUnderWay): Promise<void> {
  const refuse = (refusal: HttpRefusal) => {
    call.facts.code = refusal.failure.code;
    if (!call.res.destroyed) answerRefusal(call, refusal, call.correlationId);
  };
  const caller = await authenticate(call.req, call.headers, app);
  if (caller.kind === 'refused') return refuse(caller);
  call.facts.caller = caller.principal.id;
  call.met();
  const place = app.access.pace.enter(caller.principal);
  if (place.kind === 'refused') return refuse(refuseCaller(place, app));
  let bytes = 0;
  try {
    const body = await readCallBody(call, app);
    if (body === undefined) return;
    if ('kind' in body) return refuse(body);
    bytes += body.length;
    const message = parseMessage(body);
    if (message.kind === 'refused') return refuse(message);
    describe(call, message);
    const beyond = outOfScope(caller, message, app);
    if (beyond) return refuse(beyond);
    bytes += await exchange(app, sdk, call, { message, principal: caller.principal });
  } finally {
    place.leave(bytes);
  }
}

async function readCallBody({ req, res, headers, stop }: CallUnderWay, { settings, times }: HttpApp) {
  if (!JSON_TYPE.test(headers.get('content-type') ?? ''))
    return notAccepted(415, 'content that is not application/json');
  if ((headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    return notAccepted(415, 'content that is encoded');
  }
  if (headers.get('expect')?.toLowerCase() === '100-continue') res.writeContinue();
  return readBody(req, { bodyBytes: settings.limits.bodyBytes, bodyMs: times.bodyMs, stop });
}

const JSON_TYPE = /^application\/json[\t ]*(?:;[\t ]*charset="?utf-8"?[\t ]*)?$/i;

function describe(call: CallUnderWay, { single }: Message): void {
  const { method } = single;
  if (typeof method === 'string' && METHODS.has(method)) call.facts.method = method;
  const name = fieldOf(single.params, 'name');
  if (method === 'tools/call' && contracts.some((contract) => contract.name === name)) call.facts.tool = String(name);
}

/** A token can be had with more scopes, and its client is told which; who holds a key, or an assertion, is told by the tool. */
function outOfScope(
  { principal: { reach }, by, scopePrefix = '' }: Caller,
  message: Message,
  app: HttpApp,
): HttpRefusal | undefined {
  const missing = neededGroups(message).filter((group) => reach && !reach.tools.includes(group));
  if (by !== 'token' || !reach || missing.length === 0) return undefined;
  // With those that it has: a client asks for exactly these, and would lose the others.
  const scope = [...scopesOf(reach), ...missing].map((each) => scopePrefix + each).join(' ');
  const refusal = refuseCaller(
    {
      kind: 'refused',
      status: 403,
      failure: failure('ACCESS/INSUFFICIENT_SCOPE', { scopes: missing.join(', ') }),
      challenge: { error: 'insufficient_scope', scope },
    },
    app,
  );
  const { id } = message.single;
  return typeof id === 'string' || typeof id === 'number' ? { ...refusal, rpcId: id } : refusal;
}

async function exchange(
  app: HttpApp,
  sdk: Sdk,
  call: CallUnderWay,
  { message, principal }: { readonly message: Message; readonly principal: Principal },
): Promise<number> {
  const scope: CallScope = {
    principal: withClient(principal, clientOf(message, call.headers)),
    gone: call.stop,
    correlationId: call.correlationId,
    ...(app.operator && { operator: app.operator }),
  };
  const request = sdkRequest(call.headers);
  const streams = 'id' in message.single && (call.headers.get('accept') ?? '').includes('text/event-stream');
  // A subscription has no end of its own, and nothing to wait for.
  const until = call.facts.method === 'subscriptions/listen' ? { until: app.signal } : {};
  return answer(call.res, sdk.serve(request, message, scope), { streams, times: app.times, ...until });
}

/** The client that the issuer of a token names counts, whatever another calls itself. */
function withClient(principal: Principal, client: string | undefined): Principal {
  if (client === undefined || !principal.about) return principal;
  return { ...principal, about: { client, ...principal.about } };
}
