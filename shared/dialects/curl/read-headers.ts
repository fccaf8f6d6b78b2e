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

const FROM_FILE = 'Headers and cookies from files are not read';
const CONNECTION = 'Headers of the connection are set by the client';

/** The headers that the command states, and those that its options stand for where it states none of the name. */
export function readHeaders(transfer: Transfer, implied: readonly (readonly [string, string])[]): Headers {
  const notes = new Set<string>();
  const removed: string[] = [];
  const fields = texts(transfer.options, 'header').flatMap((line): Field[] => {
    const header = readHeader(line, notes);
    if (!header) return [];
    const [name, value] = header;
    if (value === undefined) removed.push(name.toLowerCase());
    if (value === undefined || isHostOf(transfer.url, name, value)) return [];
    if (!isConnectionHeader(name) || name.toLowerCase() === 'host') return [toField(name, value)];
    notes.add(CONNECTION);
    return [];
  });
  const stated = new Set([...removed, ...fields.map(({ name }) => templateText(name).toLowerCase())]);
  const more = [...optionHeaders(transfer, notes), ...implied].filter(([name]) => !stated.has(name.toLowerCase()));
  return { fields: [...fields, ...more.map(([name, value]) => toField(name, value))], removed, notes: [...notes] };
}

/** `Name: value`; `Name;` has an empty value, `Name:` takes the header away. */
function readHeader(line: string, notes: Set<string>): readonly [string, string | undefined] | undefined {
  if (line.startsWith('@')) {
    notes.add(FROM_FILE);
    return undefined;
  }
  const [name, value] = cutOutside(line, ':');
  if (value !== undefined) return [name.trim(), value.trim() === '' ? undefined : value.trim()];
  return line.trimEnd().endsWith(';') ? [line.trimEnd().slice(0, -1).trim(), ''] : undefined;
}

function optionHeaders({ options }: Transfer, notes: Set<string>): (readonly [string, string])[] {
  const referer = text(options, 'referer')?.replace(/;auto$/, '') ?? '';
  const agent = text(options, 'user-agent');
  const range = text(options, 'range');
  const cookies = texts(options, 'cookie').filter((cookie) => cookie !== '');
  const stated = cookies.filter((cookie) => indexOutside(cookie, '=') !== -1 || cookie.startsWith('{{'));
  if (stated.length < cookies.length) notes.add(FROM_FILE);
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

/** A Host that is that of the URL says nothing new; any other one stays, and is refused when it is sent. */
function isHostOf(url: string, name: string, value: string): boolean {
  if (name.toLowerCase() !== 'host') return false;
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '';
  return host.toLowerCase() === value.trim().toLowerCase();
}
