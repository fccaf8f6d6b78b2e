// What clients read of us to find out where to get a token (RFC 9728).
import type { HttpSettings } from '../../../shared/config/http-settings.ts';
import { parseUrl } from '../../../shared/request/parse-url.ts';

export interface ResourceMetadata {
  /** Where it is served, for challenges and for the server. */
  readonly url: string;
  readonly document: {
    readonly resource: string;
    readonly authorization_servers: readonly string[];
    readonly scopes_supported: readonly string[];
    readonly bearer_methods_supported: readonly string[];
    readonly resource_name: string;
  };
}

/** The least that makes a client useful: more is asked for when a call needs it. */
const MINIMAL = ['read', 'execute'];

/** Undefined where no authorization server is named, or clients have no address to know us by. */
export function resourceMetadata({
  publicUrl,
  oauth,
}: Pick<HttpSettings, 'publicUrl' | 'oauth'>): ResourceMetadata | undefined {
  const resource = publicUrl === undefined ? undefined : parseUrl(publicUrl);
  if (!resource || publicUrl === undefined || oauth.length === 0) return undefined;
  const { origin, pathname, search } = resource;
  // RFC 9728 section 3.1: between the host and the path, and without the slash that stands alone.
  const path = pathname === '/' ? '' : pathname;
  return {
    url: `${origin}/.well-known/oauth-protected-resource${path}${search}`,
    document: {
      resource: publicUrl,
      authorization_servers: oauth.map(({ issuer }) => issuer),
      scopes_supported: [...new Set(oauth.flatMap(({ scopePrefix }) => MINIMAL.map((scope) => scopePrefix + scope)))],
      bearer_methods_supported: ['header'],
      resource_name: 'Keyward',
    },
  };
}
