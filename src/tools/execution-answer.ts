// Turns an execution into the plain answer of execute_request and execute_read_request.

import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import type { ExecutionInput, ExecutionOutput } from '../../shared/contracts/execution.ts';
import { limits } from '../../shared/limits.ts';
import { tokenEndpoints } from '../../shared/request/token-request.ts';
import { CAPTURED_PREFIX } from '../../shared/secret/captured-name.ts';
import type { SafeExchange } from '../../shared/stages/stages.ts';
import type { Execution } from '../execute/execute-request.ts';
import { shownBody, shownHeaders, shownUrl } from '../execute/plan-view.ts';
import type { Selection } from '../execute/select.ts';
import { counted } from './body-sentences.ts';
import { answerScripts } from './script-answer.ts';
import { shortenTo } from './shorten.ts';
import { showBody } from './show-body.ts';
import { noteBody } from './show-text.ts';
import type { Answer, ToolContext } from './tool.ts';

type Answered = Extract<Execution, { kind: 'answered' }>;
type Planned = Extract<Execution, { kind: 'planned' }>;
type Skipped = Extract<Execution, { kind: 'skipped' }>;

/** What the result may take beside the body. */
const FRAME_CHARS = limits.resultChars - limits.bodyChars - 2_000;
const NOT_RECORDED = 'The request was sent, but its outcome could not be written to the journal.';

export interface Asked {
  readonly input: ExecutionInput;
  readonly selection: Selection | undefined;
  readonly context: ToolContext;
}

/** The answer to an execution, or the question it has to ask first. */
export function answerExecution(execution: Execution, asked: Asked): Answer<ExecutionOutput> {
  switch (execution.kind) {
    case 'ask':
      return execution;
    case 'planned':
      return { kind: 'answer', value: answerPlanned(execution, asked.context.call.correlationId) };
    case 'skipped':
      return { kind: 'answer', value: answerSkipped(execution, asked.context.call.correlationId) };
    case 'answered':
      return answerExchange(execution, asked);
  }
}

function answerExchange(answered: Answered, { input, selection, context }: Asked): Answer<ExecutionOutput> {
  const maxBodyChars = input.max_body_chars ?? limits.bodyChars;
  const options = { selection, format: input.response_format, maxChars: maxBodyChars };
  const { body } = answered.exchange;
  const frame = frameOf(answered, context);
  return {
    kind: 'answer',
    value: { ...frame, body: showBody(body, options, context) },
    instead: () => ({ ...frame, body: noteBody(body, 'it is nested too deeply or too large', context) }),
    maxChars: Math.max(limits.resultChars, maxBodyChars + limits.resultChars - limits.bodyChars),
  };
}

/** Everything but the body. */
function frameOf(
  { exchange, handles, scripts, recorded, unchecked }: Answered,
  { call }: ToolContext,
): ExecutionOutput {
  const { request, status, statusText, headers, redirects, redactions, timing } = exchange;
  const { headersLeftOut = 0 } = exchange;
  const leftOut = `${counted(headersLeftOut)} more header fields came and were left out.`;
  const { notes: told, ...ran } = answerScripts(scripts);
  const notes = [
    ...told,
    ...(recorded ? [] : [NOT_RECORDED]),
    ...unchecked.map(notChecked),
    ...(headersLeftOut > 0 ? [leftOut] : []),
  ];
  const frame = {
    request: { method: request.method, url: request.url, headers: request.headers.map(pair) },
    status,
    ...(statusText !== '' && { status_text: statusText }),
    headers: headers.map(pair),
    redirects: redirects.map((hop) => ({ status: hop.status, method: hop.method, url: hop.url })),
    redactions: { count: redactions.count, reasons: [...redactions.reasons] },
  };
  // The exchange is redacted, so cutting it hides nothing from the scrubber.
  const fitted = shortenTo(frame, FRAME_CHARS - JSON.stringify(ran).length);
  return {
    content_note: CONTENT_NOTE,
    ...((fitted?.value ?? frame) as typeof frame),
    ...(fitted?.cut && { truncated: true }),
    timing: { total_ms: timing.totalMs, first_byte_ms: timing.firstByteMs },
    ...(handles.length > 0 && { handles: [...handles] }),
    ...ran,
    ...(exchange.captured.length > 0 && { captured: capturedByField(exchange.captured) }),
    ...(notes.length > 0 && { notes }),
    correlation_id: call.correlationId,
  };
}

/** Where two have one field name, each but the last is listed under the name of its handle. */
function capturedByField(captured: SafeExchange['captured']): Record<string, string> {
  const last = new Map(captured.map(({ field, reference }) => [field, reference]));
  const named = captured.map(({ field, reference }): [string, string] => [
    last.get(field) === reference ? shownName(field) : reference.slice(2, -2).replace(CAPTURED_PREFIX, ''),
    reference,
  ]);
  return Object.fromEntries(named);
}

function answerPlanned({ plan, decision, handles, scripts }: Planned, correlationId: string): ExecutionOutput {
  const { notes, ...ran } = answerScripts(scripts, true);
  return {
    content_note: CONTENT_NOTE,
    request: plannedRequest(plan),
    dry_run: true,
    decision,
    ...(handles.length > 0 && { handles: [...handles] }),
    ...ran,
    ...(notes.length > 0 && { notes: [...notes] }),
    correlation_id: correlationId,
  };
}

function answerSkipped({ plan, scripts }: Skipped, correlationId: string): ExecutionOutput {
  const { notes, ...ran } = answerScripts(scripts);
  return {
    content_note: CONTENT_NOTE,
    request: plannedRequest(plan),
    ...ran,
    notes: [...notes],
    correlation_id: correlationId,
  };
}

function plannedRequest(plan: Planned['plan']): ExecutionOutput['request'] {
  const body = shownBody(plan.body);
  const endpoints = tokenEndpoints(plan.auth);
  return {
    method: plan.method,
    url: shownUrl(plan),
    headers: [...shownHeaders(plan)],
    ...(body !== undefined && { body }),
    auth_type: plan.auth.type,
    ...(endpoints.length > 0 && { token_endpoints: [...endpoints] }),
  };
}

function notChecked(origin: string): string {
  return `The certificate of ${origin} was NOT checked, because keyward.yaml says verify: false: whoever is on the way can read and change everything.`;
}

function pair({ name, value }: { readonly name: string; readonly value: string }) {
  return { name, value };
}
