// Requests to an authorization server. Each goes the way of every request: judged, pinned, signed and sent; its redirects are not
// followed. What the fields hold is opened only for an endpoint to which every secret among them may go.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { PlannedAuth, PlannedHeader, PlannedUrl } from '../../shared/request/plan.ts';
import { planAhead } from '../../shared/request/plan-request.ts';
import { planQuery } from '../../shared/request/plan-url.ts';
import { otherMethods } from '../../shared/request/safe-request.ts';
import { tierOf } from '../../shared/secret/permits.ts';
import { seal } from '../../shared/secret/seal.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { Plan, RawExchange } from '../../shared/stages/stages.ts';
import type { Network } from '../network/network.ts';
import type { TokenEndpoint } from '../oauth/ask-token.ts';
import { invalid } from '../oauth/outline.ts';
import type { SendPost, TokenPost, TokenReply } from '../oauth/token-send.ts';
import type { Signer } from '../signer/sign.ts';
import { admit, judgeSecrets } from './admit.ts';

export interface EndpointOptions {
  readonly signer: Signer;
  readonly network: Pick<Network, 'pin' | 'send'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly tier: SecretTier;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told of the endpoint's origin before anything is sent there. */
  readonly onAsk?: (origin: string) => void;
  /** What was sent is waited for although nobody wants it any more: a refresh token is used up, and its answer has the next one. */
  readonly lands?: boolean;
}

/** Which of a plan's auth is used, and the field that says where. */
export interface EndpointUse {
  readonly plan: Plan;
  readonly url: string;
  readonly field: string;
  readonly fields: PlannedAuth['fields'];
}

export interface OpenedEndpoint {
  readonly endpoint: TokenEndpoint;
  readonly known: readonly KnownSecret[];
  /** A writing credential is among them: nothing that comes of it is kept beyond this call. */
  readonly passing: boolean;
}

/**
 * Judges, without opening anything, whether what is minted with these fields may go to the plan's origin: it carries their power, so
 * each must be bound to that origin and to the endpoint's. Failures: as of `admit`.
 */
export function judgeUse(use: EndpointUse, options: Pick<EndpointOptions, 'signer' | 'now' | 'tier'>): Result<void> {
  const { plan, fields } = use;
  const atOrigin = judgeSecrets({ ...plan, auth: { type: 'oauth2', fields } }, options);
  if (!atOrigin.ok) return atOrigin;
  const ahead = planEndpoint(use);
  return ahead.ok ? judgeSecrets(ahead.value, options) : ahead;
}

/** Which credential of a name the request to an endpoint takes. */
export function tierAt(use: EndpointUse, tier: SecretTier): SecretTier {
  const ahead = planEndpoint(use);
  if (!ahead.ok) return 'reading';
  const { method, url } = ahead.value;
  return tierOf({ origin: url.origin, method, otherMethods: otherMethods(ahead.value), tier });
}

/** Opens the fields for an endpoint. Failures: as of `judgeUse`, `admit` and the vault; then nothing was opened or sent. */
export async function openEndpoint(use: EndpointUse, options: EndpointOptions): Promise<Result<OpenedEndpoint>> {
  const judged = judgeUse(use, options);
  if (!judged.ok) return judged;
  const ahead = planEndpoint(use);
  if (!ahead.ok) return ahead;
  const admitted = await admit(ahead.value, options, options.signal);
  if (!admitted.ok) return admitted;
  const opened = await options.signer.openFields(admitted.value, options.signal);
  if (!opened.ok) return opened;
  const { fields, known, passing } = opened.value;
  const send = sendTo(ahead.value, options);
  return ok({ endpoint: { url: use.url, fields, send, now: options.now }, known, passing });
}

/** The fields at their endpoint, which is always as the files state it. Inline secrets go there only where the request is, too. */
function planEndpoint({ plan, url, field, fields }: EndpointUse): Result<Plan> {
  const planned = plannedUrl(url);
  if (planned === undefined) return err(invalid(`its ${field} is not the address of an endpoint`));
  const isStated = plan.statedOrigin === plan.url.origin;
  return ok(
    planAhead(plan, {
      // What a credential may be used for goes by the request that the token is for.
      method: plan.method,
      url: planned,
      headers: [],
      body: { kind: 'none' },
      auth: { type: 'oauth2', fields },
      scopeSecrets: plan.scopeSecrets,
      ...(isStated && { statedOrigin: planned.origin }),
    }),
  );
}

function plannedUrl(text: string): PlannedUrl | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  const { protocol, hostname, port, origin, pathname, search } = url;
  return {
    scheme: protocol === 'https:' ? 'https' : 'http',
    host: hostname,
    port,
    origin,
    path: [{ kind: 'text', text: pathname }],
    query: search === '' ? [] : planQuery(search.slice(1), []),
  };
}

/** What the library builds holds plaintext: it is sealed again before it goes on, so that it travels like any secret of a plan. */
function sendTo(ahead: Plan, options: EndpointOptions): SendPost {
  return async (post) => {
    const url = plannedUrl(post.url);
    if (url?.origin !== ahead.url.origin) return err(failure('INTERNAL/BUG'));
    const plan = planAhead(ahead, {
      method: 'POST',
      url,
      headers: post.headers.filter(([name]) => name.toLowerCase() !== 'user-agent').map(sealedHeader),
      body: { kind: 'text', text: [{ kind: 'inline', value: seal(post.body) }] },
      auth: { type: 'none', fields: {} },
      scopeSecrets: ahead.scopeSecrets,
      statedOrigin: url.origin,
    });
    const answered = await sendPlan(plan, options);
    return answered.ok ? ok(replyOf(answered.value)) : answered;
  };
}

const PLAIN = new Set(['accept', 'content-type']);

function sealedHeader([name, value]: TokenPost['headers'][number]): PlannedHeader {
  const piece = PLAIN.has(name.toLowerCase())
    ? ({ kind: 'text', text: value } as const)
    : ({ kind: 'inline', value: seal(value) } as const);
  return { name, value: [piece] };
}

async function sendPlan(plan: Plan, options: EndpointOptions): Promise<Result<RawExchange>> {
  const { signer, network, signal, timeoutMs, onAsk, lands } = options;
  const admitted = await admit(plan, { ...options, tier: 'reading' }, signal);
  if (!admitted.ok) return admitted;
  const signed = await signer.sign(admitted.value, { cookies: [], signal });
  if (!signed.ok) return signed;
  if (signal.aborted) return err(failure('NETWORK/CANCELLED'));
  onAsk?.(plan.url.origin);
  const until = lands ? new AbortController().signal : signal;
  return network.send(signed.value.request, { timeoutMs, responseBytes: limits.oauthAnswerBytes }, until);
}

function replyOf({ status, headers, body }: RawExchange): TokenReply {
  const named = (wanted: string): string => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const serverTime = Date.parse(named('date'));
  return { status, contentType: named('content-type'), body, ...(!Number.isNaN(serverTime) && { serverTime }) };
}
