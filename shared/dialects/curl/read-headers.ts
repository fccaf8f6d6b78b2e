import type { Field } from '../../collection/model.ts';
import { sealHeader } from '../../collection/seal-literals.ts';
import { isConnectionHeader } from '../../request/header-policy.ts';
import { lexTemplate, templateText } from '../../template/lex.ts';
import { cutOutside, indexOutside } from '../outside-references.ts';
import { type Transfer, text, texts } from './transfer.ts';

export interface Headers {
  readonly fields: readonly Field[];
  /** Headers that the client would send by itself and the command takes away, in lower case. */
  readonly removed: readonly string[];
  readonly notes: readonly string[];
}

const CONNECTION = 'Headers of the connection are set by the client';

/** The headers that the command states, and those that its options stand for where it states none of the name. */
export function readHeaders(transfer: Transfer, implied: readonly (readonly [string, string])[]): Headers {
  const notes = new Set<string>();
  const removed: string[] = [];
  const host = hostOf(transfer.url);
  const fields = texts(transfer.options, 'header').flatMap((line): Field[] => {
    const header = readHeader(line);
    if (!header) return [];
    const [name, value] = header;
    if (value === undefined) removed.push(name.toLowerCase());
    if (value === undefined || (name.toLowerCase() === 'host' && value.trim().toLowerCase() === host)) return [];
    if (!isConnectionHeader(name) || name.toLowerCase() === 'host') return [toField(name, value)];
    notes.add(CONNECTION);
    return [];
  });
  const stated = new Set([...removed, ...fields.map(({ name }) => templateText(name).toLowerCase())]);
  const more = [...optionHeaders(transfer), ...implied].filter(([name]) => !stated.has(name.toLowerCase()));
  return { fields: [...fields, ...more.map(([name, value]) => toField(name, value))], removed, notes: [...notes] };
}

/** `Name: value`; `Name;` has an empty value, `Name:` takes the header away. A command with any other one is not executed. */
function readHeader(line: string): readonly [string, string | undefined] | undefined {
  if (line.startsWith('@')) return undefined;
  const [name, value] = cutOutside(line, ':');
  if (value !== undefined) return [name.trim(), value.trim() === '' ? undefined : value.trim()];
  return line.trimEnd().endsWith(';') ? [line.trimEnd().slice(0, -1).trim(), ''] : undefined;
}

function optionHeaders({ options }: Transfer): (readonly [string, string])[] {
  const referer = text(options, 'referer')?.replace(/;auto$/, '') ?? '';
  const agent = text(options, 'user-agent');
  const range = text(options, 'range');
  // Any other one is the name of a file.
  const isText = (cookie: string) => indexOutside(cookie, '=') !== -1 || cookie.startsWith('{{');
  const stated = texts(options, 'cookie').filter(isText);
  return [
    ...(agent === undefined || agent === '' ? [] : [['User-Agent', agent] as const]),
    ...(referer === '' ? [] : [['Referer', referer] as const]),
    ...(range === undefined ? [] : [['Range', `bytes=${/-/.test(range) ? range : `${range}-`}`] as const]),
    ...(stated.length === 0 ? [] : [['Cookie', stated.join('; ')] as const]),
  ];
}

function toField(name: string, value: string): Field {
  return { name: lexTemplate(name), value: sealHeader(name, value), enabled: true };
}

/** A Host header of this text says nothing new; any other one stays, and is refused when it is sent. */
function hostOf(url: string): string {
  return (/^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '').toLowerCase();
}
