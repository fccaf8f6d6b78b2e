// Insomnia's template tags: those that need no network, no person and no state are computed or mapped to a dynamic variable,
// every other one fails when it is rendered. Their arguments are never shown: a literal in them can be a secret.
import { base64, hex, unbase64, unhex, utf8 } from '../../redact/encodings.ts';
import { isDynamicName } from '../../template/dynamic-names.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template, TemplatePart } from '../../template/template.ts';

/** What a tag stands for. */
export function tagTemplate(name: string, args: string): Template {
  const read = Object.hasOwn(TAGS, name) ? TAGS[name] : undefined;
  const literals = readArguments(args);
  const found = literals && read?.(literals);
  return found ?? [unsupported(`{% ${/^\w{1,40}$/.test(name) ? `${name} ` : ''}… %}`, problemOf(name))];
}

/** A part that fails when it is rendered. */
export function unsupported(text: string, problem: string): TemplatePart {
  return { kind: 'unsupported', text, problem };
}

const TAGS: Readonly<Record<string, (args: readonly string[]) => Template | undefined>> = {
  uuid: () => dynamic('$guid'),
  now: ([format = 'iso-8601']) => now(format.toLowerCase()),
  timestamp: () => now('millis'),
  faker: ([name = '']) => (isDynamicName(`$${name}`) ? dynamic(`$${name}`) : undefined),
  base64: ([action, kind = 'normal', text = '']) => computed(codeBase64(action, kind, text)),
};

const PROBLEMS: Readonly<Record<string, string>> = {
  response: 'a value of the answer to another request',
  request: 'a property of the request itself',
  prompt: 'a value that a person is asked for',
  file: 'the content of a file in a template tag',
  include: 'the content of a file in a template tag',
  render: 'the content of a file in a template tag',
  layout: 'the content of a file in a template tag',
  cookie: 'a value of the cookie jar',
  os: 'a property of the computer',
  vault: 'a secret of an external vault; use a handle instead',
  hash: 'a hash in a template tag',
  jsonpath: 'a JSONPath filter in a template tag',
  now: 'a time in a format of its own',
  faker: 'random data of a kind that is not known',
  base64: 'base64 of something that is no plain text',
};
const CONTROL =
  /^(?:end)?(?:if|elsif|elif|else|unless|case|when|for|break|continue|assign|set|capture|liquid|echo|increment|decrement|tablerow|cycle|raw|comment|macro|block)$/;

function problemOf(name: string): string {
  const known = Object.hasOwn(PROBLEMS, name) ? PROBLEMS[name] : undefined;
  return known ?? (CONTROL.test(name) ? 'control flow in a template' : 'a template tag that is not known');
}

function dynamic(name: string): Template {
  return [{ kind: 'reference', name: plainTemplate(name) }];
}

function now(format: string): Template | undefined {
  if (format === 'iso-8601') return dynamic('$isoTimestamp');
  if (format === 'unix' || format === 'seconds' || format === 's') return dynamic('$timestamp');
  // The clock gives whole seconds, which in milliseconds end in zeros.
  if (format === 'millis' || format === 'ms') return [...dynamic('$timestamp'), { kind: 'text', text: '000' }];
  return undefined;
}

function computed(text: string | undefined): Template | undefined {
  return text === undefined ? undefined : plainTemplate(text);
}

function codeBase64(action: string | undefined, kind: string, text: string): string | undefined {
  if (kind !== 'normal' && kind !== 'url' && kind !== 'hex') return undefined;
  if (action === 'encode') return encode(kind, text);
  return action === 'decode' ? decode(kind, text) : undefined;
}

function encode(kind: 'normal' | 'url' | 'hex', text: string): string | undefined {
  if (kind === 'hex' && !/^(?:[0-9a-f]{2})*$/i.test(text)) return undefined;
  const bare = base64(kind === 'hex' ? unhex(text) : utf8(text));
  if (kind === 'url') return bare.replaceAll('+', '-').replaceAll('/', '_');
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
}

function decode(kind: 'normal' | 'url' | 'hex', text: string): string | undefined {
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(text)) return undefined;
  const bytes = unbase64(text);
  return kind === 'hex' ? hex(bytes) : new TextDecoder().decode(bytes);
}

const ARGUMENT = /[\s,]*(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|(-?\d+(?:\.\d+)?|true|false)(?=[\s,]|$))/y;

/** The literal arguments of a tag; undefined where one is a variable or an expression. */
function readArguments(args: string): string[] | undefined {
  const text = args.trimEnd();
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    ARGUMENT.lastIndex = at;
    const argument = ARGUMENT.exec(text);
    if (!argument) return /^[\s,]*$/.test(text.slice(at)) ? found : undefined;
    const quoted = argument[1] ?? argument[2];
    found.push(quoted === undefined ? (argument[3] ?? '') : decodeArgument(quoted.replace(/\\([\s\S])/g, '$1')));
    at = ARGUMENT.lastIndex;
  }
  return found;
}

/** `b64::…::46b` is how Insomnia writes an argument that would not survive as it is. */
function decodeArgument(text: string): string {
  const encoded = /^b64::([A-Za-z0-9+/=_-]*)::46b$/.exec(text)?.[1];
  return encoded === undefined ? text : new TextDecoder().decode(unbase64(encoded));
}
