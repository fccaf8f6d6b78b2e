import { printable, type Terminal } from './terminal.ts';

const GAP = '  ';
const MAX_CELL_CHARS = 72;

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
}

/** Prints a table on stdout, or `empty` where there is no row. Cells are made printable and cut at 72 characters. */
export function printTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  empty: string,
): void {
  if (rows.length === 0) {
    terminal.line(empty);
    return;
  }
  const cells = rows.map((row) => columns.map((column) => shorten(printable(column.cell(row)))));
  const widths = columns.map((column, at) => Math.max(column.title.length, ...cells.map((row) => widthOf(row[at]))));
  const write = (row: readonly string[]) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.align))
      .join(GAP)
      .trimEnd();
  terminal.line(terminal.style('dim', write(columns.map((column) => column.title))));
  for (const row of cells) terminal.line(write(row));
}

function shorten(cell: string): string {
  const chars = [...cell];
  return chars.length > MAX_CELL_CHARS ? `${chars.slice(0, MAX_CELL_CHARS - 1).join('')}…` : cell;
}

function pad(cell: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return align === 'right' ? space + cell : cell + space;
}

function widthOf(cell: string | undefined): number {
  return [...(cell ?? '')].length;
}

/** Pairs as `name  value` lines with the names aligned. */
export function printPairs(terminal: Terminal, pairs: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(0, ...pairs.map(([name]) => widthOf(name)));
  for (const [name, value] of pairs) {
    terminal.line(`${terminal.style('dim', pad(name, width, undefined))}${GAP}${printable(value)}`);
  }
}
