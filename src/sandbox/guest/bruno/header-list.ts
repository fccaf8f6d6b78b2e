// Bruno's `req.headerList` and `res.headerList`: a list over what `source` gives at that moment; names are compared without their case.
import { listMethods } from './list-methods.ts';

export interface HeaderItem {
  readonly key: string;
  readonly value: unknown;
  readonly disabled?: true;
}

export interface HeaderSource {
  all(): readonly HeaderItem[];
  /** Sets an enabled header of that very name. */
  set(key: string, value: unknown): void;
  /** Takes away the enabled headers of that very name. */
  delete(key: string): void;
  /** Takes away those that are switched off, by name without its case. */
  deleteDisabled(key: string): void;
}

/** Undefined as source: reading only; then writing throws. */
export function createHeaderList(items: () => readonly HeaderItem[], source?: HeaderSource): Record<string, unknown> {
  const list = {
    ...listMethods(items, isSame),
    toObject: (withoutDisabled?: boolean, keepCase?: boolean, first?: boolean, withoutEmpty?: boolean) =>
      toObject(items(), { withoutDisabled, keepCase, first, withoutEmpty }),
    toString: () =>
      items()
        .filter(({ disabled }) => !disabled)
        .map(({ key, value }) => `${key}: ${String(value)}\n`)
        .join(''),
  };
  return { ...list, ...(source ? writers(source) : refusals) };
}

function isSame(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string'
    ? one.toLowerCase() === other.toLowerCase()
    : one === other;
}

interface ObjectOptions {
  readonly withoutDisabled: boolean | undefined;
  readonly keepCase: boolean | undefined;
  readonly first: boolean | undefined;
  readonly withoutEmpty: boolean | undefined;
}

function toObject(items: readonly HeaderItem[], options: ObjectOptions): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const item of items) {
    const key = options.keepCase === false ? item.key.toLowerCase() : item.key;
    const isLeftOut = (options.withoutDisabled && item.disabled) || (options.withoutEmpty && key === '');
    if (!isLeftOut && !(options.first && Object.hasOwn(result, key))) result[key] = item.value;
  }
  return result;
}

function refuse(): never {
  throw new Error('HeaderList is read-only (response headers cannot be modified)');
}

const refusals = {
  add: refuse,
  upsert: refuse,
  remove: refuse,
  clear: refuse,
  populate: refuse,
  repopulate: refuse,
  assimilate: refuse,
};

function writers(source: HeaderSource): Record<string, unknown> {
  const upsert = (item: unknown, value?: unknown): boolean | null => {
    const header = typeof item === 'string' ? { key: item, value } : headerOf(item);
    if (!header || header.key === '') return null;
    const existing = source.all().find(({ key, disabled }) => !disabled && isSame(key, header.key));
    if (existing && existing.key !== header.key) source.delete(existing.key);
    source.set(header.key, header.value);
    return existing === undefined;
  };
  const add = (item: unknown, value?: unknown): void => {
    if (typeof item === 'string' && value === undefined) upsert(parseLine(item));
    else upsert(item, value);
  };
  const removeItem = ({ key, disabled }: HeaderItem): void => {
    if (disabled) source.deleteDisabled(key);
    else source.delete(key);
  };
  const remove = (wanted: unknown, context?: unknown): void => {
    for (const item of source.all()) if (isWanted(item, wanted, context)) removeItem(item);
  };
  const clear = (): void => source.all().forEach(removeItem);
  const populate = (items: unknown): void => {
    for (const item of headersIn(items)) {
      if (!source.all().some(({ key }) => isSame(key, item.key))) upsert(item);
    }
  };
  const repopulate = (items: unknown): void => {
    clear();
    populate(items);
  };
  const assimilate = (from: unknown, prune?: boolean): void => {
    const items = headersIn(isList(from) ? from.all() : from);
    for (const item of items) upsert(item);
    if (!prune || items.length === 0) return;
    for (const item of source.all()) if (!items.some(({ key }) => isSame(key, item.key))) removeItem(item);
  };
  return { add, upsert, remove, clear, populate, repopulate, assimilate };
}

function isWanted(item: HeaderItem, wanted: unknown, context: unknown): boolean {
  if (typeof wanted === 'function') return Boolean(wanted.call(context, item));
  return isSame(item.key, typeof wanted === 'string' ? wanted : headerOf(wanted)?.key);
}

function isList(value: unknown): value is { all(): unknown } {
  return typeof value === 'object' && value !== null && 'all' in value && typeof value.all === 'function';
}

function headersIn(items: unknown): readonly HeaderItem[] {
  const list: readonly unknown[] =
    typeof items === 'string' ? items.split(/\r?\n/).map(parseLine) : Array.isArray(items) ? items : [];
  return list.flatMap((item) => headerOf(item) ?? []);
}

function headerOf(item: unknown): HeaderItem | undefined {
  if (typeof item !== 'object' || item === null || !('key' in item) || typeof item.key !== 'string') return undefined;
  return { key: item.key, value: 'value' in item ? item.value : undefined };
}

/** `Name: value`. */
function parseLine(line: string): HeaderItem | undefined {
  const colon = line.indexOf(':');
  return colon === -1 ? undefined : { key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}
