// Turns an execution into the plain answer of execute_request and execute_read_request.
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import type { ExecutionInput, ExecutionOutput } from '../../shared/contracts/execution.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { redactHeader, redactUrl } from '../../shared/redact/redact-fields.ts';
import type { PlannedBody } from '../../shared/request/plan.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { Rendered } from '../../shared/template/template.ts';
import type { Execution } from '../execute/execute-request.ts';
import { planSecrets } from '../execute/secrets-of.ts';
import { shortenTo } from './shorten.ts';
import { showBody } from './show-body.ts';
import type { Answer, ToolContext } from './tool.ts';

type Answered = Extract<Execution, { kind: 'answered' }>;
type Planned = Extract<Execution, { kind: 'planned' }>;

/** What the result may take beside the body. */
const FRAME_CHARS = limits.resultChars - limits.bodyChars - 1_000;
const NOT_RUN = 'This request has scripts; they are not run yet, so nothing that they would set or test took effect.';
const NOT_RECORDED = 'The request was sent, but its outcome could not be written to the journal.';

/** The answer to an execution, or the question it has to ask first. */
export async function answerExecution(
  execution: Execution,
  input: ExecutionInput,
  context: ToolContext,
): Promise<Result<Answer<ExecutionOutput>>> {
  switch (execution.kind) {
    case 'ask':
      return ok(execution);
    case 'planned':
      return ok({ kind: 'answer', value: answerPlanned(execution, context.call.correlationId) });
    case 'answered':
      return answerExchange(execution, input, context);
  }
}

async function answerExchange(
  { exchange, handles, scripts, recorded }: Answered,
  input: ExecutionInput,
  context: ToolContext,
): Promise<Result<Answer<ExecutionOutput>>> {
  const maxBodyChars = input.max_body_chars ?? limits.bodyChars;
  const body = await showBody(exchange.body, { ...input, maxChars: maxBodyChars }, context);
  if (!body.ok) return body;
  const { request, status, statusText, headers, redirects, redactions, timing } = exchange;
  const notes = [...(scripts > 0 ? [NOT_RUN] : []), ...(recorded ? [] : [NOT_RECORDED])];
  const frame = {
    request: { method: request.method, url: request.url, headers: request.headers.map(pair) },
    status,
    ...(statusText !== '' && { status_text: statusText }),
    headers: headers.map(pair),
    redirects: redirects.map((hop) => ({ status: hop.status, method: hop.method, url: hop.url })),
    redactions: { count: redactions.count, reasons: [...redactions.reasons] },
  };
  // The exchange is redacted, so cutting it hides nothing from the scrubber.
  const fitted = shortenTo(frame, FRAME_CHARS);
  const value = {
    content_note: CONTENT_NOTE,
    ...((fitted?.value ?? frame) as typeof frame),
    ...(fitted?.cut && { truncated: true }),
    body: body.value,
    timing: { total_ms: timing.totalMs, first_byte_ms: timing.firstByteMs },
    ...(handles.length > 0 && { handles: [...handles] }),
    tests: [],
    ...(notes.length > 0 && { notes }),
    correlation_id: context.call.correlationId,
  };
  const maxChars = Math.max(limits.resultChars, maxBodyChars + limits.resultChars - limits.bodyChars);
  return ok({ kind: 'answer', value, maxChars });
}

function answerPlanned({ plan, decision, scripts }: Planned, correlationId: string): ExecutionOutput {
  const handles = planSecrets(plan).handles.map(({ name }) => name);
  const body = bodyText(plan.body);
  return {
    content_note: CONTENT_NOTE,
    request: {
      method: plan.method,
      url: redactUrl(planUrl(plan)).text,
      headers: plan.headers.map(({ name, value }) => ({
        name,
        value: redactHeader(name, displayRendered(value)).text,
      })),
      ...(body !== undefined && { body }),
      auth_type: plan.auth.type,
    },
    dry_run: true,
    decision,
    ...(handles.length > 0 && { handles }),
    tests: [],
    ...(scripts > 0 && { notes: [NOT_RUN] }),
    correlation_id: correlationId,
  };
}

function planUrl({ url }: Plan): string {
  const text = (rendered: Rendered | null) => (rendered === null ? '' : displayRendered(rendered));
  const query = url.query.map(({ name, value }) => `${text(name)}${value === null ? '' : `=${text(value)}`}`);
  return `${url.origin}${text(url.path)}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

function bodyText(body: PlannedBody): string | undefined {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'text':
      return displayRendered(body.text);
    case 'urlencoded':
      return redactUrl(
        `?${body.fields.map(({ name, value }) => `${displayRendered(name)}=${displayRendered(value)}`).join('&')}`,
      ).text.slice(1);
    case 'multipart':
      return body.parts.map((part) => `${displayRendered(part.name)} (${part.kind})`).join(', ');
    case 'bytes':
      return `${body.bytes.length} bytes`;
  }
}

function pair({ name, value }: { readonly name: string; readonly value: string }) {
  return { name, value };
}
