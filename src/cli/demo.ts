import type { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import { type Session, withHome } from './session.ts';

export function addDemo(program: Command, session: Session): void {
  const command = program
    .command('demo')
    .description('a tour of a few seconds against a local API that it starts itself');
  // The tour has a data folder of its own; the option is accepted because every command has it.
  withHome(command).action(async () => {
    const { runDemo } = await import('../demo/run-demo.ts');
    const held = await runDemo(session.terminal, session.entry);
    session.finish(held ? EXIT.done : EXIT.failed);
  });
}
