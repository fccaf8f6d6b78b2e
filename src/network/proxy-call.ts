import { failure } from '../../shared/failure/failure.ts';
import type { ProxyAddress } from '../../shared/policy/proxy-address.ts';
import type { PinnedTarget, ProxyLogin } from '../../shared/stages/stages.ts';
import { NetworkError } from './network-failure.ts';

/** What a proxy is asked for, and by whom. */
export interface ProxyCall {
  readonly proxy: ProxyAddress;
  readonly login?: ProxyLogin | undefined;
  readonly target: PinnedTarget;
  /** Of the target, for failures. */
  readonly origin: string;
}

export const NO_CREDENTIALS = 'it asks for credentials, and none are set';
export const REFUSED_CREDENTIALS = 'it refuses the credentials that are set';

/** The failure of a proxy that wants other credentials than it is given. */
export function proxyAuthFailed({ origin: proxy }: ProxyAddress, reason: string): NetworkError {
  return new NetworkError(failure('NETWORK/PROXY_AUTH', { proxy, reason }));
}
