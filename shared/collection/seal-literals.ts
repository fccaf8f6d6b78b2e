// Every dialect seals through here: what stands under a sensitive name is a secret, its `{{references}}` are not.
import { isSensitiveName } from '../redact/names.ts';
import { redactText } from '../redact/redact-fields.ts';
import { lexSealed, lexTemplate, templateText, unmarkReferences } from '../template/lex.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { type LiteralRange, nestedRanges, sensitiveRanges } from './seal-ranges.ts';

// What generators of collections put where a value is to be filled in: nobody's secret, and the reader has to see it.
// Words only: a pair of brackets around a real credential must not show it.
const PLACEHOLDER = /^\s*<[\p{L}\p{N} _-]{0,64}>\s*$/u;

/** A secret text: its literal parts are sealed, a placeholder such as `<string>` is not. */
export function sealText(value: string): Template {
  return PLACEHOLDER.test(value) ? lexTemplate(value) : lexSealed(value);
}

const WEB_ORIGIN = /^https?:\/\/[^\s/?#@\\{}]+/i;

/**
 * The value of a secret variable. Of a web address such as a webhook's the scheme, host and port stay readable: a request
 * has to state where it goes, and a secret is never part of that. Where the file itself marks the variable as secret, all
 * of it is, unless it is nothing but an origin.
 */
export function sealVariable(value: string, why: 'marked' | 'named'): Template {
  return unmarkReferences(sealWhole(value, why));
}

function sealWhole(value: string, why: 'marked' | 'named'): Template {
  const origin = WEB_ORIGIN.exec(value)?.[0] ?? '';
  const rest = value.slice(origin.length);
  if (origin === '' || !/^(?:$|[/?#{])/.test(rest)) return sealText(value);
  if (/^\/?$/.test(rest)) return lexTemplate(value);
  return why === 'marked' ? sealText(value) : [...lexTemplate(origin), ...sealText(rest)];
}

/** The value of a named field; under a sensitive name it is a secret. */
export function sealField(name: string, value: string): Template {
  return isSensitiveName(name) ? sealText(value) : sealPlain(value);
}

const MAY_HOLD_SECRETS = /[={<[]|:\/\//;

/**
 * A value under a name that says nothing: what of it is a body of its own (JSON, XML, a form) or an address is sealed where a
 * secret stands in that.
 */
export function sealPlain(value: string): Template {
  return MAY_HOLD_SECRETS.test(value) ? sealRanges(value, nestedRanges(value)) : lexTemplate(value);
}

/** A header's value. Of a Cookie header the values are sealed and the names stay readable. */
export function sealHeader(name: string, value: string): Template {
  return name.trim().toLowerCase() === 'cookie' ? sealCookies(value) : sealField(name, value);
}

function sealCookies(value: string): Template {
  return value.split(/(;\s*)/).flatMap((part) => {
    const equals = part.indexOf('=');
    if (equals === -1) return part.startsWith(';') ? lexTemplate(part) : sealText(part);
    return [...lexTemplate(part.slice(0, equals + 1)), ...sealText(part.slice(equals + 1))];
  });
}

/** A body's text; literals under sensitive names in JSON, GraphQL, XML, forms and lines are sealed where they stand. */
export function sealBody(text: string): Template {
  return sealRanges(text, sensitiveRanges(text));
}

function sealRanges(text: string, ranges: readonly LiteralRange[]): Template {
  if (ranges.length === 0) return lexTemplate(text);
  const parts: TemplatePart[] = [];
  const add = (template: Template): void => {
    for (const part of template) parts.push(part);
  };
  let from = 0;
  for (const { start, end } of ranges) {
    add(lexTemplate(text.slice(from, start)));
    add(sealText(text.slice(start, end)));
    from = end;
  }
  add(lexTemplate(text.slice(from)));
  return parts;
}

/** A saved body as it may be shown: sensitive fields read `[secret]`; what reads so already stays. */
export function redactSavedBody(text: string): string {
  const ranges = sensitiveRanges(text).filter(({ start, end }) => text.slice(start - 1, end + 1) !== '[secret]');
  return redactText(templateText(sealRanges(text, ranges))).text;
}
