import { describe, expect, it } from 'vitest';
import { COMMANDS, commandFirst, readServeArguments, unknownCommand } from '../../../src/cli/arguments.ts';

const served: readonly [argv: string[], expected: ReturnType<typeof readServeArguments>][] = [
  [[], { workspaces: [] }],
  [['serve'], { workspaces: [] }],
  [['./apis'], { workspaces: ['./apis'] }],
  [['serve', './apis', 'more'], { workspaces: ['./apis', 'more'] }],
  [['serve', 'list'], { workspaces: ['list'] }],
  [['./apis', '--home', '/h'], { workspaces: ['./apis'], home: '/h' }],
  [['serve', '--home'], undefined],
  [['serve', '--home=/h'], undefined],
  [['serve', '--http'], undefined],
  [['--help'], undefined],
  [['-V'], undefined],
  [['list', 'requests'], undefined],
  ...COMMANDS.filter((name) => name !== 'serve').map((name): [string[], undefined] => [[name], undefined]),
];

const unknown: readonly [argv: string[], exists: boolean, expected: string | undefined][] = [
  [['lst'], false, 'lst'],
  [['lst'], true, undefined],
  [['./lst'], false, undefined],
  [['a/b'], false, undefined],
  [['x.json'], false, undefined],
  [['~'], false, undefined],
  [['list'], false, undefined],
  [['--nope'], false, undefined],
  [[], false, undefined],
];

const moved: readonly [argv: string[], expected: string[]][] = [
  [
    ['--home', '/h', 'list', 'secrets'],
    ['list', 'secrets', '--home', '/h'],
  ],
  [
    ['--home=/h', 'list'],
    ['list', '--home=/h'],
  ],
  [
    ['--home', '/h'],
    ['--home', '/h'],
  ],
  [['--home'], ['--home']],
  [['--home=/h'], ['--home=/h']],
  [
    ['list', '--home', '/h'],
    ['list', '--home', '/h'],
  ],
  [[], []],
];

describe('the first look at the command line', () => {
  for (const [argv, expected] of served) {
    it(`reads [${argv.join(' ')}] as ${expected ? 'plain serve' : 'work for the full parser'}`, () => {
      expect(readServeArguments(argv)).toEqual(expected);
    });
  }

  for (const [argv, expected] of moved) {
    it(`reads [${argv.join(' ')}] as [${expected.join(' ')}]`, () => {
      expect(commandFirst(argv)).toEqual(expected);
    });
  }

  for (const [argv, exists, expected] of unknown) {
    it(`takes [${argv.join(' ')}]${exists ? ', which exists,' : ''} as ${expected ? 'a mistyped command' : 'meant so'}`, () => {
      expect(unknownCommand(argv, () => exists)).toBe(expected);
    });
  }
});
