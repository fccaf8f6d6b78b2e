// The request target (RFC 9112 section 3.2) and the Host header: what they name decides whether a request is meant for us.

/** Of origin-form and absolute-form; `authority` only of the latter. */
export interface RequestTarget {
  readonly path: string;
  /** Whether there is a question mark, with something behind it or not. */
  readonly hasQuery: boolean;
  readonly authority?: string;
}

const ORIGIN_FORM = /^(\/[^?#]*)(\?[^#]*)?$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)(\/[^?#]*)?(\?[^#]*)?$/i;

/** Undefined for every other form. The path is neither decoded nor resolved: ours are spelled in one way only. */
export function parseTarget(target: string): RequestTarget | undefined {
  const origin = ORIGIN_FORM.exec(target);
  if (origin) return { path: origin[1] ?? '', hasQuery: origin[2] !== undefined };
  const absolute = ABSOLUTE_FORM.exec(target);
  if (!absolute) return undefined;
  return { authority: absolute[1] ?? '', path: absolute[2] ?? '/', hasQuery: absolute[3] !== undefined };
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?$/;
const MAX_PORT = 65_535;

/**
 * Whether a Host header, or the authority of a target, names one of the hosts, which are in lower case.
 * Any port will do, since proxies and port mappings change it; a trailing dot, userinfo or a list makes it another name.
 */
export function isAllowedHost(text: string | undefined, hosts: readonly string[]): boolean {
  const [, host, port = '0'] = AUTHORITY.exec(text?.toLowerCase() ?? '') ?? [];
  return host !== undefined && Number(port) <= MAX_PORT && hosts.includes(host);
}
