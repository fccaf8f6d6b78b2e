// From a destination to the one address that may be dialled. Every record is judged, and one denied record condemns the name:
// a mixed answer is how a rebinding server slips a loopback address in.
import { promises as dns } from 'node:dns';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type AddressPolicy, hostLiteral, judgeAddress, judgeHost } from '../../shared/policy/address.ts';
import { type AllowEntry, originOf } from '../../shared/policy/address-allow.ts';
import type { AddressVerdict } from '../../shared/policy/address-table.ts';
import { judgePort } from '../../shared/policy/port.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';

export interface AddressRecord {
  readonly address: string;
  readonly family: number;
}

/** Gives every address record of a name; rejects or gives none where there is none. */
export type Resolve = (host: string) => Promise<readonly AddressRecord[]>;

export const resolveByLookup: Resolve = (host) => dns.lookup(host, { all: true, verbatim: true });

export interface Destination {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

export interface PinOptions {
  readonly allow: readonly AllowEntry[];
  readonly resolve: Resolve;
}

/**
 * Judges the port and the literal or every record of the name, then pins the first IPv4 record, or else the first. Fails with
 * NETWORK/SCHEME_DENIED, ADDRESS_DENIED, NAME_UNRESOLVED or CANCELLED.
 */
export async function pinTarget(
  { scheme, host, port }: Destination,
  { allow, resolve }: PinOptions,
  signal: AbortSignal,
): Promise<Result<PinnedTarget>> {
  if (scheme !== 'http' && scheme !== 'https') return err(failure('NETWORK/SCHEME_DENIED', { scheme }));
  const policy = { allow, origin: originOf(scheme, host, port) };
  if (judgePort(port, policy) === 'denied') return denied(host, `port ${port}`);
  const verdict = judgeHost(host, policy);
  if (verdict && !verdict.allowed) return denied(host, verdict.reason);
  const literal = verdict && hostLiteral(host);
  if (literal !== undefined) return ok(pinned({ scheme, host: literal, port }, literal, policy));

  const records = await recordsOf(host, resolve, signal);
  if (!records.ok) return records;
  const bad = records.value.map(({ address }) => judgeAddress(address, policy)).find(isDenied);
  if (bad) return denied(host, bad.reason);
  const chosen = records.value.find(({ family }) => family === 4) ?? records.value[0];
  if (!chosen) return err(failure('NETWORK/NAME_UNRESOLVED', { host }));
  return ok(pinned({ scheme, host, port }, chosen.address, policy));
}

function pinned(
  destination: Pick<PinnedTarget, 'scheme' | 'host' | 'port'>,
  address: string,
  policy: AddressPolicy,
): PinnedTarget {
  const exception = judgeAddress(address, policy).code !== 'public' || judgePort(destination.port, policy) === 'opened';
  return { ...destination, address, family: address.includes(':') ? 6 : 4, exception };
}

function isDenied(verdict: AddressVerdict): boolean {
  return !verdict.allowed;
}

function denied(host: string, verdict: string): Result<never> {
  return err(failure('NETWORK/ADDRESS_DENIED', { host, verdict }));
}

async function recordsOf(
  host: string,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Result<readonly AddressRecord[]>> {
  const cancelled = err(failure('NETWORK/CANCELLED'));
  if (signal.aborted) return cancelled;
  let stop = (): void => undefined;
  const aborted = new Promise<Result<never>>((settle) => {
    stop = () => settle(cancelled);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([lookUp(host, resolve), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Whatever a resolver does instead of answering, throwing included, is a name that did not resolve. */
async function lookUp(host: string, resolve: Resolve): Promise<Result<readonly AddressRecord[]>> {
  try {
    return ok(await resolve(host));
  } catch {
    return err(failure('NETWORK/NAME_UNRESOLVED', { host }));
  }
}
