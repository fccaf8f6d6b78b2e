import type { SafeExchange } from '../stages/stages.ts';

/** Whether an answer itself gave out what a name stands for: a reference that a server merely wrote down is its text, whoever's it is. */
export function capturedIn({ captured }: Pick<SafeExchange, 'captured'>): (name: string) => boolean {
  const references = new Set(captured.map(({ reference }) => reference));
  return (name) => references.has(`{{captured:${name}}}`);
}
