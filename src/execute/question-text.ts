// The question to put to a person, line by line. Every name is quoted and on a line of its own, so that it cannot pass for the question
// nor take another one out of sight.
import { limits } from '../../shared/limits.ts';
import { REDACTED } from '../../shared/redact/marker.ts';
import { redactAsked } from '../../shared/redact/redact-asked.ts';
import type { Approval, NamedSecrets, ShownField, Supplied } from './approval.ts';

const MAX_URL = 400;
const MAX_BODY = 600;
const MAX_VALUE = 200;

interface Line {
  readonly text: string;
  /** Whether the agent wrote what it says. */
  readonly isAgents?: boolean;
}

/** What of the agent's own words looks like a secret: it is none of those that are kept here. */
const AGENTS_OWN = '[redacted: written by the agent]';

/** The text of the question, redacted. */
export function questionText(approval: Approval): string {
  return questionLines(approval)
    .map(({ text, isAgents = false }) => {
      const shown = redactAsked(text).text;
      return isAgents ? shown.replaceAll(REDACTED, AGENTS_OWN) : shown;
    })
    .join('\n');
}

function questionLines(approval: Approval): readonly Line[] {
  const { body, environment, isBodyAgents } = approval;
  return [
    { text: 'An AI agent asks to send this request:' },
    { text: `${oneLine(approval.method)} ${middleCut(approval.url, MAX_URL)}` },
    ...(body === undefined ? [] : [{ text: `Body: ${middleCut(body, MAX_BODY)}`, isAgents: isBodyAgents }]),
    ...fieldLines('Headers:', approval.headers),
    ...fieldLines('Auth:', approval.authFields),
    { text: `Request: ${quoted(approval.request)} of the collection ${quoted(approval.collection)}` },
    { text: `Environment: ${environment === undefined ? 'none' : quoted(environment)}` },
    ...tokenLines(approval),
    { text: `Secrets used: ${secretsText({ handles: approval.handles, inline: approval.inlineSecrets })}` },
    ...suppliedLines(approval),
    ...sentForLines(approval),
    { text: `Why you are asked: ${oneLine(approval.reason)}` },
  ];
}

function fieldLines(title: string, fields: readonly ShownField[]): readonly Line[] {
  if (fields.length === 0) return [];
  return [{ text: title }, ...fields.map((field) => ({ text: `- ${quoted(fieldText(field))}` }))];
}

function suppliedLines({ supplied }: Approval): readonly Line[] {
  if (supplied.length === 0) return [{ text: 'Set by the agent: nothing' }];
  const lines = supplied.map((each) => ({ text: `- ${quoted(suppliedText(each))}`, isAgents: true }));
  return [{ text: 'Set by the agent:' }, ...lines];
}

function suppliedText(supplied: Supplied): string {
  if (supplied.what === 'body') return 'body';
  const { what, name, value } = supplied;
  return `${what} ${value === undefined ? `${shownPart(name)} left out` : fieldText({ name, value })}`;
}

function fieldText({ name, value }: ShownField): string {
  return `${shownPart(name)}: ${middleCut(value, MAX_VALUE)}`;
}

/** A name by itself, so that it takes nothing of what stands behind it. */
function shownPart(name: string): string {
  return oneLine(redactAsked(name).text);
}

function sentForLines({ sentFor }: Approval): readonly Line[] {
  if (!sentFor) return [];
  const { method, url, request } = sentFor;
  const saved = `${quoted(oneLine(request))}, ${oneLine(method)} ${middleCut(url, MAX_URL)}`;
  return [
    { text: `Sent, once or more, by a script of: ${saved}` },
    { text: `Secrets that it names: ${secretsText(sentFor)}` },
  ];
}

function secretsText({ handles, inline }: NamedSecrets): string {
  return (
    [...handles.map((name) => quoted(oneLine(name))), ...(inline ? ['one from the files'] : [])].join(', ') || 'none'
  );
}

function tokenLines({ tokenEndpoints: endpoints, tokenFields }: Approval): readonly Line[] {
  if (endpoints.length === 0) return [];
  const changed =
    tokenFields.length > 0
      ? `, with values of the agent for ${tokenFields.map((name) => quoted(oneLine(name))).join(', ')}`
      : '';
  return [
    { text: `Asks for a token first: POST ${endpoints.map((url) => middleCut(url, MAX_URL)).join(' or ')}${changed}` },
  ];
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll('"', "'")}"`;
}

/** Both ends stay: what a long middle pushes out of sight could be the part that matters. */
function middleCut(text: string, most: number): string {
  const line = printable(text);
  if (line.length <= most) return line;
  const half = most / 2;
  return `${line.slice(0, half)} … ${line.length - most} characters … ${line.slice(-half)}`;
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function oneLine(text: string): string {
  const line = printable(text);
  return line.length > limits.shownNameChars ? `${line.slice(0, limits.shownNameChars)}…` : line;
}
