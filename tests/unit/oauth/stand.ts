// The sealed half with real servers on loopback: an API that says which credential it was shown, and whatever gives tokens.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { Plan, SafeExchange } from '../../../shared/stages/stages.ts';
import type { Rendered } from '../../../shared/template/template.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createLogins } from '../../../src/courier/tokens-login.ts';
import type { DeliveryTrail } from '../../../src/execute/ports.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { type CapturedTokens, createCapturedTokens, isCapturedId } from '../../../src/vault/captured.ts';
import type { LoginStore } from '../../../src/vault/login-store.ts';
import type { SecretSource } from '../../../src/vault/resolve.ts';
import { handle, type PlanParts, planTo, text } from '../courier/stand.ts';
import { createRig, type Loopback } from '../network/loopback.ts';

export const rig = createRig();

export interface Secret {
  value: string;
  readonly origins: readonly string[];
  readonly expiresAt?: number;
  readonly maxUses?: number;
  readonly rotatedAt?: number;
}

interface CallOptions {
  readonly caller?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly trail?: DeliveryTrail;
}

export interface Half {
  /** Ids of the vault's handles, in the order in which their values were asked for. */
  readonly opened: string[];
  readonly secrets: Map<string, Secret & { updatedAt: number }>;
  readonly store: LoginStore;
  readonly captured: CapturedTokens;
  readonly logins: ReturnType<typeof createLogins>;
  clock: number;
  call(plan: Plan, more?: CallOptions): Promise<Result<SafeExchange>>;
}

/** `allow` are the origins that may be dialled. */
export function sealedHalf(allow: readonly string[], secrets: Readonly<Record<string, Secret>>): Half {
  const held = new Map(Object.entries(secrets).map(([id, secret]) => [id, { ...secret, updatedAt: 0 }]));
  const opened: string[] = [];
  const half = { clock: Date.now() };
  const now = () => half.clock;
  const captured = createCapturedTokens(now);
  const infoOf = (id: string, secret: Secret & { updatedAt: number }): HandleInfo => {
    const { value: _, ...info } = secret;
    return { id, name: id, pathAllowed: false, createdAt: 0, useCount: 0, ...info };
  };
  const source: SecretSource = {
    describe(id) {
      if (isCapturedId(id)) return orGone(captured.describe(id));
      const found = held.get(id);
      return found ? ok(infoOf(id, found)) : err(failure('SECRET/NOT_FOUND', { name: id, nearest: 'none' }));
    },
    // Without the vault's own checks: the courier's must hold by themselves.
    resolve(id) {
      if (isCapturedId(id)) return Promise.resolve(orGone(captured.value(id)));
      opened.push(id);
      return Promise.resolve(ok(held.get(id)?.value ?? ''));
    },
    boundTo: (origin) =>
      ok([...held].filter(([, { origins }]) => origins.includes(origin)).map(([id, { value }]) => ({ id, value }))),
    revision: () => 1,
  };
  const store: LoginStore = {
    keep({ name, value, origins, expiresAt, instead }) {
      held.delete(instead);
      const secret = { value, origins, updatedAt: now(), ...(expiresAt !== undefined && { expiresAt }) };
      held.set(name, secret);
      return ok(infoOf(name, secret));
    },
    renew({ id, rotatedAt = 0 }, value) {
      const before = held.get(id);
      if (!before || (before.rotatedAt ?? 0) !== rotatedAt)
        return err(failure('SECRET/INVALID', { problem: 'changed' }));
      held.set(id, { ...before, value, rotatedAt: rotatedAt + 1 });
      return ok(undefined);
    },
  };
  const network = rig.network({ allow });
  const signer = createSigner({ secrets: source, now });
  const wait = () => Promise.resolve();
  const courier = createCourier({ signer, network, captured, logins: store, now, wait });
  return Object.assign(half, {
    opened,
    secrets: held,
    store,
    captured,
    logins: createLogins({ signer, network, store, now }),
    call: (
      plan: Plan,
      { caller = 'agent', signal = new AbortController().signal, timeoutMs = 20_000, trail }: CallOptions = {},
    ) => courier.deliver(plan, { timeoutMs, responseBytes: 1024 * 1024, redirects: 5, caller }, signal, trail),
  });
}

function orGone<T>(value: T | undefined): Result<T> {
  return value === undefined ? err(failure('SECRET/CAPTURED_GONE', { name: 'a captured token' })) : ok(value);
}

type FieldText = string | Rendered;

/** A plan with OAuth 2 fields; `{vault:NAME}` as a whole is a handle. */
export function oauthPlan(fields: Readonly<Record<string, FieldText>>, parts: PlanParts): Plan {
  const rendered = Object.entries(fields).map(([name, value]) => [name, rendering(value)] as const);
  return planTo({ auth: { type: 'oauth2', fields: Object.fromEntries(rendered) }, ...parts });
}

function rendering(value: FieldText): Rendered {
  if (typeof value !== 'string') return value;
  const [, name] = /^\{vault:(.+)\}$/.exec(value) ?? [];
  if (value === '') return [];
  return name === undefined ? text(value) : [handle(name)];
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

type Answer = (seen: Seen, response: ServerResponse) => unknown;

/** A server that keeps what it was sent. */
export async function recording(answer: Answer): Promise<Loopback & { readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = await rig.http((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(one, response);
    });
  });
  return { ...server, seen };
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
