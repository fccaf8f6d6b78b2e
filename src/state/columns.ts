// Typed reads of a row. A damaged file can hold anything in any column; a wrong type is a StateError, never a crash later.
import { types } from 'node:util';
import { type Row, StateError } from './state.ts';

type ColumnKind = 'integer' | 'text' | 'bytes';

/**
 * The list of a SELECT. Every column is cast, texts to bytes as well: the driver aborts the process on a text that is not
 * UTF-8, which one flipped byte in the file is enough to make.
 */
export function columnList(columns: Readonly<Record<string, ColumnKind>>, table = ''): string {
  const prefix = table ? `${table}.` : '';
  return Object.entries(columns)
    .map(([name, kind]) => `CAST(${prefix}${name} AS ${kind === 'integer' ? 'INTEGER' : 'BLOB'}) AS ${name}`)
    .join(', ');
}

export function textIn(row: Row, column: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesIn(row, column));
  } catch {
    throw new StateError('SQLITE_MISMATCH');
  }
}

/** For a text whose own check finds any change: what is not UTF-8 is replaced, so that the check can say where it is. */
export function lossyTextIn(row: Row, column: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesIn(row, column));
}

export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new StateError('SQLITE_MISMATCH');
  return value;
}

export function bytesIn(row: Row, column: string): Buffer {
  const value = row[column];
  if (Buffer.isBuffer(value)) return value;
  // The driver gives a Buffer for a single row and an ArrayBuffer for one of several.
  if (types.isArrayBuffer(value)) return Buffer.from(value);
  throw new StateError('SQLITE_MISMATCH');
}
