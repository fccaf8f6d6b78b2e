import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';

/** Where on this machine a browser comes back to. */
export interface RedirectPlace {
  /** As the authorization server has it registered. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Path, and query where one is registered. */
  readonly path: string;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Reads a redirect URI; an empty one is a path on a free port. RFC 8252 section 7.3: one without a port stands for any. Failure:
 * REQUEST/AUTH_INVALID for one that leads elsewhere, where no code may go.
 */
export function placeRedirect(stated: string): Result<RedirectPlace> {
  if (stated === '') return ok({ host: '127.0.0.1', port: 0, path: '/callback' });
  const url = parseUrl(stated);
  const isHere = url?.protocol === 'http:' && LOOPBACK.has(url.hostname) && url.username === '' && url.hash === '';
  if (!url || !isHere) return err(failure('REQUEST/AUTH_INVALID', { type: 'oauth2', problem: ELSEWHERE }));
  return ok({ host: url.hostname, port: Number(url.port), path: url.pathname + url.search });
}

const ELSEWHERE =
  'its redirect_uri is not on this machine. Register http://127.0.0.1/callback with the authorization server and pass --redirect-uri http://127.0.0.1/callback';
