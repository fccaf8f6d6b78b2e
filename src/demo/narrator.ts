// The demo's voice: numbered steps, what was typed, what came back, and whether each claim held.
import { printable, printableBlock, type Terminal } from '../cli/terminal.ts';

export interface Narrator {
  step(title: string): void;
  say(text: string): void;
  /** A command line as a person would type it. */
  typed(command: string): void;
  /** Text of a server or command, indented and dim. */
  quote(text: string): void;
  /** A claim that must be true; the demo fails with the first that is not. */
  claim(holds: boolean, text: string): void;
  /** How many claims did not hold. */
  broken(): number;
}

const INDENT = '   ';

export function createNarrator(terminal: Terminal): Narrator {
  let steps = 0;
  let broken = 0;
  return {
    step: (title) => {
      steps += 1;
      terminal.line(`\n${terminal.style('bold', `${String(steps).padStart(2)} ${title}`)}`);
    },
    say: (text) => terminal.line(INDENT + printable(text)),
    typed: (command) => terminal.line(`${INDENT}${terminal.style('cyan', `$ ${printable(command)}`)}`),
    quote: (text) => {
      for (const line of printableBlock(text).trimEnd().split('\n')) {
        terminal.line(`${INDENT}${terminal.style('dim', `│ ${line}`)}`);
      }
    },
    claim: (holds, text) => {
      if (!holds) broken += 1;
      const mark = holds ? terminal.style('green', '✓') : terminal.style('red', '✗ NOT SO:');
      terminal.line(`${INDENT}${mark} ${printable(text)}`);
    },
    broken: () => broken,
  };
}
