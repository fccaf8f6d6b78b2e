// What scripts see after the answer: the request as it was sent and the answer, both redacted.
import type { Field, RequestTemplate } from '../collection/model.ts';
import { redactSavedBody } from '../collection/seal-literals.ts';
import { isSecretAuthField } from '../collection/secret-auth-fields.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { redactText, redactUrl } from '../redact/redact-fields.ts';
import type { AgentOverrides } from '../request/overrides.ts';
import type { PlannedAuth, PlannedBody, PlannedPart } from '../request/plan.ts';
import type { Plan, SafeExchange } from '../stages/stages.ts';
import { displayRendered } from '../template/render.ts';
import type { Rendered } from '../template/template.ts';
import { showBody } from './body-text.ts';
import { headerRules, showAgentText, showFields, toScriptFields } from './field-text.ts';
import type {
  ScriptApi,
  ScriptBody,
  ScriptField,
  ScriptPart,
  ScriptRequest,
  ScriptResponse,
  ScriptUrl,
} from './job.ts';
import type { LiveText } from './live-text.ts';

/** What a request was made of. */
export interface SentFrom {
  readonly template: RequestTemplate;
  readonly overrides: AgentOverrides;
  readonly api: ScriptApi;
}

/**
 * The request as sent: every secret in it reads `[secret]` or a redaction. With its headers that are switched off, and for Bruno with
 * what its path was filled in with (Postman leaves that out), which are live texts.
 */
export function showSent(
  { body, auth }: Plan,
  { request }: SafeExchange,
  { template, overrides, api }: SentFrom,
  live: LiveText,
): ScriptRequest {
  const unsent = template.headers.filter(({ enabled }) => !enabled);
  return {
    method: request.method,
    url: {
      ...sentUrl(request.url),
      pathVariables: api === 'bruno' ? filledIn(template.url.pathVariables, overrides.variables ?? {}, live) : [],
    },
    headers: [
      // First, so that one of the same name that was sent is the one that is found.
      ...toScriptFields(showFields(unsent, {}, live, headerRules)),
      ...request.headers.map(({ name, value }) => ({ name, value, enabled: true })),
    ],
    // What a GET has for a body is not sent, and Postman shows it all the same.
    body: body.kind === 'none' && overrides.body === undefined ? showBody(template.body, live) : sentBody(body),
    auth: sentAuth(auth),
  };
}

/** The agent's variable of the same name is what is sent. */
function filledIn(fields: readonly Field[], given: Readonly<Record<string, string>>, live: LiveText): ScriptField[] {
  return fields.map(({ name, value, enabled }) => {
    const shown = live.show(name);
    const own = Object.hasOwn(given, shown) ? given[shown] : undefined;
    return { name: shown, value: own === undefined ? live.show(value) : showAgentText(own, live), enabled };
  });
}

function sentUrl(text: string): Omit<ScriptUrl, 'pathVariables'> {
  const hash = text.indexOf('#');
  const whole = hash < 0 ? text : text.slice(0, hash);
  const question = whole.indexOf('?');
  const address = question < 0 ? whole : whole.slice(0, question);
  const pairs = question < 0 ? [] : whole.slice(question + 1).split('&');
  return {
    address,
    query: pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return { name: pair, value: null, enabled: true };
      return { name: pair.slice(0, equals), value: pair.slice(equals + 1), enabled: true };
    }),
    ...(hash >= 0 && { fragment: text.slice(hash + 1) }),
  };
}

function sentBody(body: PlannedBody): ScriptBody {
  switch (body.kind) {
    case 'none':
      return { kind: 'none' };
    case 'text':
      return {
        kind: 'raw',
        text: redactSavedBody(displayRendered(body.text)),
        ...(/json/i.test(body.contentType ?? '') && { language: 'json' }),
      };
    case 'urlencoded':
      return { kind: 'urlencoded', fields: body.fields.map(sentField) };
    case 'multipart':
      return { kind: 'multipart', parts: body.parts.map(sentPart) };
    case 'bytes':
      return { kind: 'file', path: '' };
  }
}

function sentField({ name, value }: { readonly name: Rendered; readonly value: Rendered }) {
  const shown = displayRendered(name);
  return { name: shown, value: redactPair(shown, displayRendered(value)), enabled: true };
}

/** A value under its name, by the rules for parameters. */
function redactPair(name: string, value: string): string {
  const { text, count } = redactUrl(`?${name.replaceAll(/[&=#]/g, '_')}=${encodeURIComponent(value)}`);
  return count === 0 ? redactText(value).text : text.slice(text.indexOf('=') + 1);
}

function sentPart(part: PlannedPart): ScriptPart {
  if (part.kind === 'text') return { kind: 'text', ...sentField(part) };
  return { kind: 'file', name: displayRendered(part.name), paths: [part.fileName], enabled: true };
}

function sentAuth({ type, fields }: PlannedAuth): ScriptRequest['auth'] {
  const shown = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    isSecretAuthField(type, name) ? '[secret]' : redactText(displayRendered(value)).text,
  ]);
  return { type, fields: Object.fromEntries(shown) };
}

/** The answer, with what was captured of it as references that can be used. Failure: SCRIPT/TOO_LARGE. */
export function showResponse(
  { status, statusText, headers, body, timing, request }: SafeExchange,
  live: LiveText,
  isCaptured: (name: string) => boolean,
): Result<ScriptResponse> {
  const { text = '', kind, bytes } = body;
  const limit = limits.scriptBodyChars;
  if (text.length > limit) return err(failure('SCRIPT/TOO_LARGE', { what: 'The answer', limit }));
  return ok({
    status,
    statusText,
    headers: headers.map(({ name, value }) => ({ name, value: live.answer(value, isCaptured) })),
    body: live.answer(text, isCaptured),
    kind,
    bytes,
    totalMs: timing.totalMs,
    url: request.url,
  });
}
