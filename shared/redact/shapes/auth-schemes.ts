// Credentials behind the name of an auth scheme (RFC 9110, 11.4), wherever it stands: the name stays.
import type { Span } from '../span.ts';
import { eitherCase, type Finder, type Pass } from './finder.ts';

const TOKEN68 = /[A-Za-z0-9._~+/-]{12,1024}={0,2}/y;
const PARAMETERS =
  /(?:[a-z][\w.-]{0,40}=(?:"[^"\r\n]{0,2048}"|'[^'\r\n]{0,2048}'|[^\s,"'<>]{1,2048})(?:[ \t]{0,4},[ \t]{0,4}|(?=[\s"'<>]|$))){1,24}/iy;
/** The parameters that answer a challenge; without one of them it is the challenge. */
const ANSWER =
  /(?:^|[\s,])(?:response|signature|oauth_signature|oauth_token|mac|cnonce|credential)=(?!"?\[redacted\])/i;
const FORMS = [/\d/, /[a-z][A-Z][^A-Z]*[a-z][A-Z]|[A-Z][a-z]+[A-Z]{2}/, /=$/];

function afterScheme(name: string, find: (pass: Pass, start: number) => Span | undefined): Finder {
  return {
    heads: [`${eitherCase(name)}[ \t]`],
    find: (pass, at) => {
      let start = at + name.length;
      while (isGap(pass.text.charCodeAt(start)) && start < at + MOST_GAP) start += 1;
      return find(pass, start);
    },
    peek: (bytes, at) => {
      let run = at + name.length;
      while (isGap(bytes[run] ?? 0) && run < at + MOST_GAP) run += 1;
      const end = run + MIN_RUN;
      while (run < end && (bytes[run] ?? 0) > 0x22) run += 1;
      return run === end;
    },
  };
}

const MOST_GAP = 24;
/** The shortest parameter that is looked at, and less than the shortest token. */
const MIN_RUN = 3;

function isGap(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function token({ text }: Pass, start: number): Span | undefined {
  TOKEN68.lastIndex = start;
  const found = TOKEN68.exec(text)?.[0];
  if (found === undefined || !FORMS.some((form) => form.test(found)) || isWords(found)) return undefined;
  let end = start + found.length;
  while (/[A-Za-z0-9._~+/=-]/.test(text.charAt(end))) end += 1;
  return { start, end };
}

/** `username-password2`, `v2.api/auth`: words joined by marks. */
function isWords(found: string): boolean {
  return /^[a-z]+(?:[-/._][a-z]+)*\d?$/i.test(found) && !/[a-z][A-Z]/.test(found) && found.length < 40;
}

function parameters({ text }: Pass, start: number): Span | undefined {
  PARAMETERS.lastIndex = start;
  const found = PARAMETERS.exec(text)?.[0];
  return found !== undefined && ANSWER.test(found) ? { start, end: start + found.length } : undefined;
}

export const authSchemes: readonly Finder[] = [
  ...['bearer', 'basic', 'negotiate', 'ntlm', 'dpop'].map((name) => afterScheme(name, token)),
  ...['aws4-hmac-sha256', 'hawk', 'oauth', 'signature', 'mac'].map((name) => afterScheme(name, parameters)),
  afterScheme('digest', (pass, start) => parameters(pass, start) ?? token(pass, start)),
];
