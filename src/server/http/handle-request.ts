import type { ServerResponse } from 'node:http';
import { failure } from '../../../shared/failure/failure.ts';
import { allowedHosts } from './address.ts';
import type { CallUnderWay, Incoming } from './call-under-way.ts';
import { type GateRules, passGate } from './gate.ts';
import { handleCall } from './handle-call.ts';
import type { HttpApp } from './http-app.ts';
import { answerRefusal, type HttpRefusal, STOPPING } from './refusal.ts';
import type { Sdk } from './sdk.ts';

export const ENDPOINT = '/mcp';
/** RFC 9728 section 3.1: for the host, and for the path of the endpoint. */
const METADATA = ['/.well-known/oauth-protected-resource', `/.well-known/oauth-protected-resource${ENDPOINT}`];

/** Gives what answers requests; the promise resolves when the answer is on its way, and never rejects. */
export function createRequestHandler(app: HttpApp, sdk: Sdk): (incoming: Incoming) => Promise<void> {
  const rules = rulesOf(app);
  const { inCall = (_, run) => run() } = app;
  return async (incoming) => {
    const startedAt = performance.now();
    const { res } = incoming;
    const correlationId = app.randomId();
    res.setHeader('X-Correlation-Id', correlationId);
    res.setHeader('Cache-Control', 'no-store');
    const told = await inCall(correlationId, () => handle(incoming, correlationId, { app, sdk, rules }));
    if (!told) return;
    const ms = Math.round(performance.now() - startedAt);
    const status = res.headersSent ? { status: res.statusCode } : {};
    const call = { correlationId, ...status, ms, ...told };
    app.watch?.call(call);
    app.onCall?.(call);
  };
}

interface Handling {
  readonly app: HttpApp;
  readonly sdk: Sdk;
  readonly rules: GateRules;
}

/** Gives what can be told of a call; undefined for what is none. */
async function handle(
  incoming: Incoming,
  correlationId: string,
  handling: Handling,
): Promise<CallUnderWay['facts'] | undefined> {
  const { req, res } = incoming;
  const { app, sdk, rules } = handling;
  const verdict = passGate({ method: req.method ?? '', target: req.url ?? '', rawHeaders: req.rawHeaders }, rules);
  const refuse = (refusal: HttpRefusal) => {
    answerRefusal(incoming, refusal, correlationId);
    return { code: refusal.failure.code };
  };
  if (verdict.kind === 'refused') return refuse(verdict);
  for (const [name, value] of Object.entries(verdict.cors)) res.setHeader(name, value);
  if (app.signal.aborted) return refuse(STOPPING);
  if (verdict.kind === 'preflight') {
    res.writeHead(204).end();
    return undefined;
  }
  if (verdict.path !== ENDPOINT) {
    answerMetadata(res, app);
    return undefined;
  }
  const call: CallUnderWay = { ...incoming, headers: verdict.headers, correlationId, facts: {} };
  try {
    await handleCall(app, sdk, call);
  } catch (error) {
    app.onBug?.(error, correlationId);
    call.facts.code = 'INTERNAL/BUG';
    if (res.headersSent) res.destroy();
    else answerRefusal(incoming, BUG, correlationId);
  }
  return call.facts;
}

const BUG: HttpRefusal = { kind: 'refused', status: 500, failure: failure('INTERNAL/BUG') };

function answerMetadata(res: ServerResponse, { metadata }: HttpApp): void {
  const body = JSON.stringify(metadata?.document);
  const length = String(Buffer.byteLength(body));
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length }).end(body);
}

function rulesOf({ settings, metadata }: HttpApp): GateRules {
  const paths = new Map([[ENDPOINT, ['POST']]]);
  if (metadata) for (const path of METADATA) paths.set(path, ['GET', 'HEAD']);
  return { hosts: allowedHosts(settings), origins: settings.origins, paths };
}
