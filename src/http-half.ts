// Composes serving over HTTP: what the operator set, who may call, how much, and what is told of it.
import type { HttpSettings } from '../shared/config/http-settings.ts';
import { failure } from '../shared/failure/failure.ts';
import { err, ok, type Result } from '../shared/failure/result.ts';
import { gateLimits } from '../shared/http-limits.ts';
import type { NetworkPolicy, Principal } from '../shared/policy/policy.ts';
import { parseTrustedProxies } from './access/client-address.ts';
import { type Access, createAccess } from './access/create-access.ts';
import type { Ask } from './access/oauth/ask.ts';
import { createCloudflareAccess } from './access/oauth/cloudflare-access.ts';
import { resourceMetadata } from './access/oauth/metadata.ts';
import { createTokenAuthenticator } from './access/oauth/token-authenticator.ts';
import { openOperatorApprovals } from './approvals/open-operator-approvals.ts';
import { type HttpSources, loadHttpSettings } from './config/load-http.ts';
import { keepJournal } from './journal/keep-journal.ts';
import type { OpenJournal } from './journal/open-journal.ts';
import type { LogFields } from './log/log.ts';
import { serveMonitored } from './monitor-half.ts';
import { createOwnNetwork, type OwnNetwork } from './network/own-requests.ts';
import type { ServingApp } from './serve-half.ts';
import type { HttpApp } from './server/http/http-app.ts';
import { whyUnsafe } from './server/http/safe-to-listen.ts';
import { serveHttp } from './server/http/serve-http.ts';
import type { State } from './state/state.ts';
import { createFence } from './workspace/fence.ts';

export interface HttpHalfParts {
  readonly app: ServingApp;
  readonly settings: HttpSettings;
  readonly state: State;
  readonly journal: OpenJournal;
  /** The way out for what issuers are asked: certificates and proxy as the operator trusts them. */
  readonly network: () => Promise<Result<NetworkPolicy>>;
  readonly tell: (level: 'info' | 'warn', fields: LogFields, message: string) => void;
  /** Told once where clients find it, and what the operator should know. */
  readonly onListening: (url: string, warning: string | undefined) => void;
}

export interface HttpPlaces extends Omit<HttpSources, 'isServed' | 'listen'> {
  readonly roots: readonly string[];
  readonly listen: string | undefined;
}

/** Reads the settings; before anything else is opened. Failures: those of `loadHttpSettings`. */
export function loadHttp({ roots, listen, ...sources }: HttpPlaces): Result<HttpSettings> {
  const isServed = (path: string) => createFence(roots).holds(path);
  return loadHttpSettings({ ...sources, isServed, ...(listen !== undefined && { listen }) });
}

/** Serves until the signal. Failures: CONFIG/INVALID where the settings are not safe together, NETWORK/CANNOT_LISTEN, those of State. */
export async function serveOverHttp(parts: HttpHalfParts): Promise<Result<void>> {
  const { app, settings, state } = parts;
  const issuers = createIssuerNetwork(parts.network);
  const found = authenticators(settings, issuers.ask, app.now);
  const access = createAccess({ state, now: app.now, limits: settings.limits, claims: settings.claims, ...found });
  try {
    const hasKeys = access.hasKeys();
    if (!hasKeys.ok) return hasKeys;
    const unsafe = whyUnsafe(settings, hasKeys.value);
    if (unsafe?.kind === 'refused') return err(unsafe.failure);
    return await serveMonitored(parts, async (watched, watch) => {
      const composed = composeApp({ ...parts, app: watched }, access);
      const service = composed.ok ? await serveHttp({ ...composed.value, ...(watch && { watch }) }) : composed;
      if (!service.ok) return service;
      const stop = keepJournal(parts.journal, settings.journal, ({ code }) =>
        parts.tell('warn', { code }, 'the journal could not be kept: no checkpoint was written, or nothing removed'),
      );
      parts.onListening(service.value.url, unsafe?.problem);
      await service.value.ended;
      await stop();
      return ok(undefined);
    });
  } finally {
    access.close();
    await issuers.close();
  }
}

function composeApp({ app, settings, state, tell }: HttpHalfParts, access: Access): Result<HttpApp> {
  const onAsked = (approval: string, { id: caller }: Principal) =>
    tell('warn', { approval, caller }, 'a call waits for the operator: keyward approvals');
  const operator = openOperatorApprovals({ state, now: app.now, waitMs: settings.approvalWaitMs, onAsked });
  if (!operator.ok) return operator;
  const proxies = parseTrustedProxies(settings);
  if (!proxies) {
    return err(
      failure('CONFIG/INVALID', { file: 'http.yaml', problem: 'trustedProxies has what is no range of addresses' }),
    );
  }
  return ok({
    ...app,
    ...paced(app, access.pace.toOrigin),
    settings,
    access,
    proxies,
    operator: operator.value,
    times: gateLimits,
    ...metadataOf(settings),
    onCall: (call) => tell('info', { ...call }, 'a call'),
    onProtocolError: (error) => tell('info', { error }, 'a message of a client could not be handled'),
    onCrowd: (closed) => tell('warn', { closed }, 'connections without a caller were closed: too many are open'),
  });
}

function authenticators(settings: HttpSettings, ask: Ask, now: () => number) {
  const { cloudflareAccess, claims, oauth } = settings;
  return {
    guards: cloudflareAccess ? [createCloudflareAccess({ settings: cloudflareAccess, claims, ask, now })] : [],
    authenticators: oauth.length > 0 ? [createTokenAuthenticator({ settings, ask, now })] : [],
  };
}

function metadataOf(settings: HttpSettings): Pick<HttpApp, 'metadata'> {
  const metadata = resourceMetadata(settings);
  return metadata ? { metadata } : {};
}

/** The same, with the limit on requests to one server. */
function paced({ open }: ServingApp, pace: (origin: string) => Result<void>): Pick<ServingApp, 'open'> {
  return {
    open: async () => {
      const opened = await open();
      return opened.ok ? ok({ ...opened.value, pace }) : opened;
    },
  };
}

/** Made when an issuer is first asked, for the configuration is not read before a first call. */
function createIssuerNetwork(policy: HttpHalfParts['network']): { readonly ask: Ask; close(): Promise<void> } {
  let made: OwnNetwork | undefined;
  return {
    async ask(request, signal) {
      const found = await policy();
      if (!found.ok) return found;
      made ??= createOwnNetwork({ policy: found.value, now: () => performance.now() });
      return made.send(request, signal);
    },
    async close() {
      await made?.close();
    },
  };
}
