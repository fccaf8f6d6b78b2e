// A saved request as scripts see it before it is sent, and what they made of it as a template again. Nothing that they hand back is
// taken for a reference but what was shown to them or stands in their source.
import type { AuthTemplate, RequestSettings, RequestTemplate } from '../collection/model.ts';
import { sealPlain, sealText } from '../collection/seal-literals.ts';
import { createSecretAuthTest } from '../collection/secret-auth-fields.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { AgentOverrides } from '../request/overrides.ts';
import { endpointFields } from '../request/token-request.ts';
import { lexTemplate, templateText } from '../template/lex.ts';
import type { Template } from '../template/template.ts';
import { readScriptBody, showAgentBody, showBody } from './body-text.ts';
import { headerRules, readFields, showFields, toFields, toScriptFields } from './field-text.ts';
import type { ScriptRequest } from './job.ts';
import type { LiveText } from './live-text.ts';
import { readBack, readPlain, readSealed } from './read-back.ts';
import { readScriptUrl, showUrl } from './url-text.ts';

/** The saved request with the agent's changes as they will be sent: data, but for `{{captured:NAME}}` in their values. */
export function showRequest(template: RequestTemplate, live: LiveText, overrides: AgentOverrides): ScriptRequest {
  const { url, headers, body, auth, settings } = template;
  return {
    method: live.show(lexTemplate(template.method)),
    url: showUrl(url, overrides.query ?? {}, live),
    headers: toScriptFields(showFields(headers, overrides.headers ?? {}, live, headerRules)),
    body: overrides.body === undefined ? showBody(body, live) : showAgentBody(overrides.body, body, live),
    auth: showAuth(auth, live),
    ...(settings.timeoutMs !== undefined && { timeoutMs: settings.timeoutMs }),
    ...(settings.followRedirects !== undefined && { followRedirects: settings.followRedirects }),
  };
}

function showAuth({ type, fields }: AuthTemplate, live: LiveText): ScriptRequest['auth'] {
  return { type, fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, live.show(value)])) };
}

/** What a script was shown, and of what. */
export interface SavedRequest {
  readonly template: RequestTemplate;
  readonly shown: ScriptRequest;
  readonly overrides: AgentOverrides;
}

export interface ReadRequest {
  readonly template: RequestTemplate;
  /** The script changed the body, so that an agent's text must not take its place again. */
  readonly bodyChanged: boolean;
}

/**
 * Reads what a script made of a request, or one that it made itself. Parts that are as shown stay the saved ones; agents' changes of
 * headers and query are left to planning. Failures: SCRIPT/SECRET_TAKEN_APART, SCRIPT/UNSUPPORTED, REQUEST/METHOD_INVALID.
 */
export function readRequest(request: ScriptRequest, live: LiveText, saved?: SavedRequest): Result<ReadRequest> {
  const { template = NOTHING, shown, overrides = {} } = saved ?? {};
  const method = request.method === shown?.method ? ok(template.method) : readMethod(request.method, live);
  if (!method.ok) return method;
  const url = isSame(request.url, shown?.url)
    ? ok(template.url)
    : readScriptUrl(request.url, live, template.url, overrides.query);
  if (!url.ok) return url;
  const headers = readHeaders(request, live, saved);
  if (!headers.ok) return headers;
  const bodyChanged = !isSame(request.body, shown?.body);
  const body = bodyChanged ? readScriptBody(request.body, live, template.body) : ok(template.body);
  if (!body.ok) return body;
  const auth = isSame(request.auth, shown?.auth) ? ok(template.auth) : readAuth(request.auth, live, template.auth);
  if (!auth.ok) return auth;
  const settings = readSettings(request, template.settings);
  const parts = { method: method.value, url: url.value, headers: headers.value, body: body.value, auth: auth.value };
  return ok({ template: { ...template, ...parts, settings }, bodyChanged });
}

const NOTHING: RequestTemplate = {
  method: 'GET',
  url: { address: [], query: [], pathVariables: [] },
  headers: [],
  body: { kind: 'none' },
  auth: { type: 'none', fields: {}, from: 'none' },
  folderVariables: [],
  scripts: [],
  settings: {},
  examples: [],
};

// A method is lexed when it is planned, so that dead braces would come to life there.
function readMethod(text: string, live: LiveText): Result<string> {
  const read = readBack(text, live, 'method');
  if (!read.ok) return read;
  const isDead = read.value.some((part) => part.kind === 'text' && /[{}]/.test(part.text));
  const method = templateText(read.value);
  return isDead ? err(failure('REQUEST/METHOD_INVALID', { method })) : ok(method);
}

function readHeaders({ headers }: ScriptRequest, live: LiveText, saved: SavedRequest | undefined) {
  if (saved && isSame(headers, saved.shown.headers)) return ok(saved.template.headers);
  const { template = NOTHING, overrides = {} } = saved ?? {};
  const stated = { fields: template.headers, changes: overrides.headers ?? {} };
  const read = readFields(headers, stated, live, headerRules);
  return read.ok ? ok(toFields(read.value)) : read;
}

function readAuth({ type, fields }: ScriptRequest['auth'], live: LiveText, saved: AuthTemplate): Result<AuthTemplate> {
  const named = readPlain(type, live, 'type of the auth');
  if (!named.ok) return named;
  const isSecret = createSecretAuthTest(type, fields.password);
  const stated = showAuth(saved, live);
  const read: [string, Template][] = [];
  for (const [name, text] of Object.entries(fields)) {
    const isSaved = stated.type === type && Object.hasOwn(stated.fields, name) && stated.fields[name] === text;
    const value = isSaved
      ? ok(saved.fields[name] ?? [])
      : readSealed(text, live, `auth field ${name}`, isSecret(name) ? sealText : sealPlain);
    if (!value.ok) return value;
    // Where the credentials of a token go is the files' word alone.
    if (!isSaved && type === 'oauth2' && endpointFields.some((each) => each === name)) return otherEndpoint(name);
    read.push([name, value.value]);
  }
  return ok({ type, fields: Object.fromEntries(read), from: 'request' });
}

function otherEndpoint(name: string): Result<never> {
  return err(failure('SCRIPT/UNSUPPORTED', { api: `another ${name} for the OAuth 2 auth than the saved one` }));
}

function readSettings({ timeoutMs, followRedirects }: ScriptRequest, saved: RequestSettings): RequestSettings {
  return {
    ...saved,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(followRedirects !== undefined && { followRedirects }),
  };
}

// Both were made here or by the guest in the same order of members, or they are taken for changed.
function isSame(one: unknown, other: unknown): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
