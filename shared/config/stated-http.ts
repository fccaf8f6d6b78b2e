import { parseScopes, type Reach } from '../access/reach.ts';
import { httpDefaults } from '../http-limits.ts';
import type { ConfigProblem } from './check-strict.ts';
import { hostOf, parseHost, parseListen, parseListenAddress } from './http-address.ts';
import type { HttpConfig } from './http-schema.ts';
import type { Address, HttpLimits, HttpSettings, IssuerSettings, Listen, RateSettings } from './http-settings.ts';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
const DAY_MS = 24 * 60 * 60 * 1_000;
const MINUTE_MS = 60 * 1_000;

/** The settings that a valid configuration states, with the defaults; `tls` is what its files hold. */
export function statedHttp(config: HttpConfig, tls: HttpSettings['tls']): HttpSettings {
  const { publicUrl, origins = [], trustedProxies = [], oauth = [], cloudflareAccess, claims = {}, journal } = config;
  const monitor = statedMonitor(config.monitor);
  return {
    listen: statedListen(config.listen),
    ...(monitor && { monitor }),
    hosts: statedHosts(config),
    origins,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(tls && { tls }),
    trustedProxies,
    forwardedBy: config.forwardedBy ?? 'x-forwarded-for',
    oauth: oauth.map((issuer) => statedIssuer(issuer, publicUrl)),
    ...(cloudflareAccess && {
      cloudflareAccess: { ...cloudflareAccess, granted: reachOf(cloudflareAccess.granted) },
    }),
    claims,
    limits: statedLimits(config.limits),
    approvalsBy: config.approvals?.by ?? 'client',
    approvalWaitMs: config.approvals?.waitMs ?? httpDefaults.approvalWaitMs,
    journal: {
      ...(journal?.keepDays !== undefined && { keepMs: journal.keepDays * DAY_MS }),
      checkpointEveryMs: (journal?.checkpointMinutes ?? httpDefaults.checkpointMinutes) * MINUTE_MS,
    },
  };
}

/** What no single key shows: an issuer without an audience needs `publicUrl`, and `unix` a socket, which the environment may give. */
export function httpProblem({ oauth = [], publicUrl, trustedProxies, listen }: HttpConfig): ConfigProblem | undefined {
  // Over TCP nobody is that proxy, and it would pass for the one that speaks TLS.
  if (trustedProxies?.includes('unix') && !('socket' in statedListen(listen))) {
    const problem = 'trustedProxies has unix, which needs listen: unix:/PATH';
    return { path: ['trustedProxies'], atKey: false, problem };
  }
  const at = publicUrl === undefined ? oauth.findIndex(({ audience }) => audience === undefined) : -1;
  if (at < 0) return undefined;
  return { path: ['oauth', at], atKey: false, problem: `oauth.${at} needs an audience, or publicUrl` };
}

function statedListen(listen: HttpConfig['listen'] = httpDefaults.port): Listen {
  const parsed = parseListen(String(listen));
  if (!parsed) throw new Error('the schema takes no such address');
  return parsed;
}

function statedMonitor(monitor: HttpConfig['monitor']): Address | undefined {
  return monitor === undefined ? undefined : parseListenAddress(String(monitor));
}

function statedHosts({ hosts = [], publicUrl }: HttpConfig): string[] {
  const all = [
    ...hosts.flatMap((host) => parseHost(host) ?? []),
    ...(publicUrl === undefined ? [] : [hostOf(publicUrl)]),
  ];
  return [...new Set(all)];
}

type IssuerConfig = NonNullable<HttpConfig['oauth']>[number];

function statedIssuer(config: IssuerConfig, publicUrl: string | undefined): IssuerSettings {
  const { issuer, jwksUri, granted, most } = config;
  return {
    issuer,
    audience: config.audience ?? (publicUrl === undefined ? [] : [publicUrl]),
    algorithms: config.algorithms ?? ALGORITHMS,
    ...(jwksUri !== undefined && { jwksUri }),
    scopeClaim: config.scopeClaim ?? 'scope',
    scopePrefix: config.scopePrefix ?? '',
    ...(granted && { granted: reachOf(granted) }),
    ...(most && { most: reachOf(most) }),
  };
}

function reachOf(scopes: readonly string[]): Reach {
  const reach = parseScopes(scopes);
  if (!reach.ok) throw new Error('the schema takes no such scope');
  return reach.value;
}

function statedLimits(limits: HttpConfig['limits'] = {}): HttpLimits {
  return {
    bodyBytes: limits.bodyBytes ?? httpDefaults.bodyBytes,
    perKey: statedRate(limits.perKey, httpDefaults.perKey),
    perCaller: statedRate(limits.perCaller, httpDefaults.perCaller),
    global: statedRate(limits.global, httpDefaults.global),
    perOrigin: { perMinute: limits.perOrigin?.perMinute ?? httpDefaults.perOrigin.perMinute },
    connections: limits.connections ?? httpDefaults.connections,
    connectionsPerAddress: limits.connectionsPerAddress ?? httpDefaults.connectionsPerAddress,
    drainMs: limits.drainMs ?? httpDefaults.drainMs,
  };
}

type RateConfig = NonNullable<HttpConfig['limits']>['perKey'];

function statedRate(rate: RateConfig, defaults: RateSettings): RateSettings {
  return {
    perMinute: rate?.perMinute ?? defaults.perMinute,
    concurrent: rate?.concurrent ?? defaults.concurrent,
    bytesPerMinute: rate?.bytesPerMinute ?? defaults.bytesPerMinute,
  };
}
