import { printable, type Terminal } from './terminal.ts';

/** What the operator is told of secrets, by name, whose values are too short to be found again in an answer. */
export function warnOfShort(terminal: Pick<Terminal, 'note'>, names: readonly string[]): void {
  if (names.length === 0) return;
  terminal.note(
    printable(
      `warning: ${names.join(', ')}: a value under 8 characters is taken out of an answer only where it is all of a field; its binding protects it.`,
    ),
  );
}
