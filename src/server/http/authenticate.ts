import type { IncomingMessage } from 'node:http';
import type { Authentication, Credentials, Peer, Refusal } from '../../access/access.ts';
import { clientAddress, type TrustedProxies } from '../../access/client-address.ts';
import type { HttpApp } from './http-app.ts';
import type { HttpRefusal } from './refusal.ts';
import type { RequestHeaders } from './request-headers.ts';

export type Caller = Extract<Authentication, { kind: 'caller' }>;

/** Finds out who calls, from the header alone. Refuses with 401, 403, 429 and 503. */
export async function authenticate(
  req: IncomingMessage,
  headers: RequestHeaders,
  app: Pick<HttpApp, 'access' | 'proxies' | 'metadata'>,
): Promise<Caller | HttpRefusal> {
  const found = await app.access.authenticate(credentialsOf(headers), peerOf(req, headers, app.proxies));
  return found.kind === 'caller' ? found : refuseCaller(found, app);
}

/** The same refusal as the client sees it, with the challenge of RFC 6750 and RFC 9728 section 5.1. */
export function refuseCaller(refusal: Refusal, { metadata }: Pick<HttpApp, 'metadata'>): HttpRefusal {
  const { kind, status, failure: told, retryAfterSeconds, challenge } = refusal;
  const challenged = status === 401 || challenge !== undefined;
  const headers = {
    ...(challenged && { 'WWW-Authenticate': challengeOf(challenge ?? {}, metadata?.url) }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
  };
  return { kind, status, failure: told, headers };
}

function challengeOf({ error, scope }: NonNullable<Refusal['challenge']>, metadata: string | undefined): string {
  const parameters = { error, scope, resource_metadata: metadata };
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  );
  return written.length === 0 ? 'Bearer' : `Bearer ${written.join(', ')}`;
}

function credentialsOf(headers: RequestHeaders): Credentials {
  const authorization = headers.get('authorization');
  const assertion = headers.get('cf-access-jwt-assertion');
  return {
    ...(authorization !== undefined && { authorization }),
    ...(assertion !== undefined && { assertion }),
  };
}

function peerOf({ socket }: IncomingMessage, headers: RequestHeaders, proxies: TrustedProxies): Peer {
  const forwarded = { 'x-forwarded-for': headers.get('x-forwarded-for'), forwarded: headers.get('forwarded') };
  return { address: clientAddress(socket.remoteAddress, forwarded, proxies) };
}
