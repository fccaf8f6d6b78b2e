// The first look at the command line, cheap enough for every start: an agent's client starts `keyward serve` often, and
// that must not load a parser for options that it does not use.

export const COMMANDS = [
  'serve',
  'demo',
  'list',
  'call',
  'import',
  'export',
  'secrets',
  'login',
  'vault',
  'trust',
  'access',
  'approvals',
  'journal',
  'doctor',
  'help',
] as const;

export interface ServeArguments {
  readonly workspaces: readonly string[];
  readonly home?: string;
}

/** Arguments of a plain `[serve] [WORKSPACE…] [--home DIR]`; `undefined` sends everything else to the full parser. */
export function readServeArguments(argv: readonly string[]): ServeArguments | undefined {
  const words = argv[0] === 'serve' ? argv.slice(1) : argv;
  if (words === argv && isCommand(argv[0])) return undefined;
  const workspaces: string[] = [];
  let home: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--home' && words[at + 1] !== undefined) {
      at += 1;
      home = words[at];
    } else if (word.startsWith('-')) return undefined;
    else workspaces.push(word);
  }
  return home === undefined ? { workspaces } : { workspaces, home };
}

/** The same arguments with a leading `--home DIR` moved behind the command, where its parser looks for it. */
export function commandFirst(argv: readonly string[]): readonly string[] {
  const [first = '', second = ''] = argv;
  if (first === '--home' && argv.length > 2) return [...argv.slice(2), first, second];
  return first.startsWith('--home=') && argv.length > 1 ? [...argv.slice(1), first] : argv;
}

export function isCommand(word: string | undefined): boolean {
  return COMMANDS.some((command) => command === word);
}

/**
 * The first word where it is meant as a command but is none: it names nothing on disk and cannot be told from a typing
 * error. A path that is missing but looks like a path (`./apis`, `a/b`, `x.json`) is left to the workspace to report.
 */
export function unknownCommand(argv: readonly string[], exists: (path: string) => boolean): string | undefined {
  const word = argv[0];
  if (word === undefined || word.startsWith('-') || isCommand(word)) return undefined;
  return /[./\\~]/.test(word) || exists(word) ? undefined : word;
}
