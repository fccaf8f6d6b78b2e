import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS } from '../../src/cli/arguments.ts';
import { createProgram } from '../../src/cli/program.ts';
import type { Session } from '../../src/cli/session.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { VERSION } from '../../src/cli/version.ts';

const session: Session = {
  terminal: createTerminal(process.stdout, process.stderr, process.stdin),
  entry: '',
  open: () => {
    throw new Error('help opens nothing');
  },
  finish: () => {},
  outcome: () => 0,
};

function helpOf(command: Command, path: string): string[] {
  const text = `## ${path}\n\n\`\`\`\n${command.helpInformation().trimEnd()}\n\`\`\`\n`;
  return [text, ...command.commands.flatMap((child) => helpOf(child, `${path} ${child.name()}`))];
}

const INTRODUCTION = `# Command line

Made from the help texts; a test holds it against them (\`npx vitest run tests/surface/cli-help.test.ts -u\` writes it anew).
Exit codes: 0 done, 1 the thing asked for failed, 2 used wrongly.
`;

describe('the command line as outsiders see it', () => {
  const program = createProgram(session, VERSION);

  it('has the help that docs/reference/cli.md shows', async () => {
    const reference = [INTRODUCTION, ...helpOf(program, 'keyward')].join('\n');
    await expect(reference).toMatchFileSnapshot('../../docs/reference/cli.md');
  });

  it('knows its own commands at the first look', () => {
    expect([...program.commands.map((command) => command.name()), 'help']).toEqual([...COMMANDS]);
  });

  it('has the version of the package', () => {
    expect(VERSION).toBe(packageJson.version);
  });

  it('gives every command --home, and no command a value as an argument', () => {
    const leaves = program.commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
    for (const command of leaves) {
      expect(
        command.options.map(({ long }) => long),
        command.name(),
      ).toContain('--home');
      expect(
        command.options.map(({ long }) => long),
        command.name(),
      ).not.toContain('--value');
    }
  });
});
