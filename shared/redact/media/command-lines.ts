// Options of commands in text (`curl -u user:password`, `--header 'Authorization: …'`), and the pairs of a .netrc file.
import { isSensitive } from '../field-rules.ts';
import { REDACTED, type RedactedText } from '../marker.ts';
import { redactHeader } from '../redact-header.ts';
import { createEdits, type Edits } from './edits.ts';
import { type MediaWalk, replacementOf, takeWhole } from './media-walk.ts';

const WORD = '("(?:[^"\\\\]|\\\\.){0,8000}"?|\'[^\']{0,8000}\'?|(?:[^\\s"\'\\\\]|\\\\.){1,8000})';
const OPTION = new RegExp(
  `(?<=[\\s"'\`[(,])(--?[A-Za-z][\\w-]{0,60})(=|[ \\t]{1,10}|[ \\t]*\\\\\\r?\\n[ \\t]*)\\$?${WORD}`,
  'g',
);
const COMMANDS =
  /(?:^|[\s"'`(;&|/])(?:curl|wget|https?|httpie|xh|mysql|psql|sshpass|docker|aws|gcloud|az|openssl|helm|kubectl|ldapsearch|mongosh|redis-cli|smbclient)(?:\.exe)?\s/;

const USERS = /^(?:-u|-U|--user|--proxy-user|--basic|-a|--auth)$/;
const HEADERS = /^(?:-H|--header|--proxy-header)$/;
const BODIES =
  /^(?:-d|--data(?:-raw|-binary|-urlencode|-ascii)?|-F|--form(?:-string)?|--json|--url-query|--post-data|-e|--env)$/;
const COOKIES = /^(?:-b|--cookie)$/;
const WHOLE =
  /^(?:--oauth2-bearer|--pass|--proxy-pass|--aws-sigv4-secret|--http-password|--ftp-password|--tlspassword)$/;

/** Takes any text; looks for options where it names a command that has them, and for `--secret=value` everywhere. */
export function redactCommandLines(text: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  if (NETRC.test(text)) redactNetrc(text, walk, edits);
  if (/\s--?[A-Za-z]/.test(text)) redactOptions(text, walk, edits);
  return edits.apply(text);
}

const NETRC = /^[ \t]*(?:machine[ \t]+\S+|default)[ \t\r\n]/m;

function redactNetrc(text: string, walk: MediaWalk, edits: Edits): void {
  for (const found of text.matchAll(/\s(?:password|passwd|account)[ \t]+(\S{1,1000})/g)) {
    const [whole, value = ''] = found;
    const end = found.index + whole.length;
    const shown = value.startsWith(REDACTED) ? undefined : takeWhole(walk, value);
    if (shown !== undefined) edits.add(end - value.length, end, shown);
  }
}

function redactOptions(text: string, walk: MediaWalk, edits: Edits): void {
  const commands = COMMANDS.test(text);
  for (const found of text.matchAll(OPTION)) {
    const [whole, option = '', between = '', word = ''] = found;
    if (between !== '=' && !commands) continue;
    const quote = /^["']/.exec(word)?.[0] ?? '';
    const start = found.index + whole.length - word.length + quote.length;
    const inner = word.slice(quote.length, quote !== '' && word.length > 1 && word.endsWith(quote) ? -1 : undefined);
    const shown = optionText(walk, option, inner);
    if (shown !== undefined && shown !== inner) edits.add(start, start + inner.length, shown);
  }
}

function optionText(walk: MediaWalk, option: string, value: string): string | undefined {
  if (value.startsWith('-') || value.startsWith(REDACTED)) return undefined;
  if (USERS.test(option)) return userText(walk, value);
  if (HEADERS.test(option)) return headerText(walk, value);
  if (COOKIES.test(option)) return value.includes('=') ? cookieText(walk, value) : undefined;
  if (BODIES.test(option)) {
    const inner = walk.inner(value, '');
    return inner.count > 0 ? inner.text : undefined;
  }
  if (WHOLE.test(option)) return takeWhole(walk, value);
  const name = option.replace(/^-+/, '');
  const verdict = walk.judge(name);
  // `--token <TOKEN>` and `--password is required` are words of a manual.
  if (!option.startsWith('--') || !isSensitive(verdict) || /^[<[{$%]|^[a-z]{1,12}$/.test(value)) return undefined;
  return replacementOf(walk, { name, verdict }, value);
}

function userText(walk: MediaWalk, value: string): string | undefined {
  const colon = value.indexOf(':');
  const password = value.slice(colon + 1);
  if (colon < 0 || password.startsWith('//')) return undefined;
  const shown = takeWhole(walk, password);
  return shown === undefined ? undefined : `${value.slice(0, colon + 1)}${shown}`;
}

function headerText(walk: MediaWalk, value: string): string | undefined {
  const [, name = '', rest = ''] = /^([\w-]{1,100})(?::[ \t]*)([\s\S]*)$/.exec(value) ?? [];
  if (rest === '') return undefined;
  const verdict = walk.judge(name);
  const shown = replacementOf(walk, { name, verdict }, rest) ?? redactHeader(name, rest).text;
  return value.slice(0, value.length - rest.length) + shown;
}

function cookieText(walk: MediaWalk, value: string): string | undefined {
  return replacementOf(walk, { name: 'cookie', verdict: walk.judge('cookie') }, value);
}
