import { describe, expect, it } from 'vitest';
import { checkMemory } from '../../../src/cli/doctor-memory.ts';

const limitsWith = (soft: string) =>
  `Limit  Soft Limit  Hard Limit  Units\nMax core file size        ${soft}       unlimited  bytes\n`;

const cases: readonly [
  execArgv: string[],
  nodeOptions: string,
  limits: string | undefined,
  found: readonly string[],
][] = [
  [[], '', limitsWith('0'), []],
  [[], '', undefined, []],
  [[], '', limitsWith('1'), ['a crash']],
  [[], '', limitsWith('unlimited'), ['a crash']],
  [['--inspect'], '', undefined, ['--inspect ']],
  [['--inspect=127.0.0.1:0'], '', undefined, ['--inspect ']],
  [['--inspect-brk'], '', undefined, ['--inspect-brk ']],
  [[], ' --heapsnapshot-signal=SIGUSR2 --no-warnings', undefined, ['--heapsnapshot-signal ']],
  [[], '--heapsnapshot_near_heap_limit=3', undefined, ['--heapsnapshot-near-heap-limit ']],
  [['--heap-prof'], '--report-on-signal', undefined, ['--heap-prof ', '--report-on-signal ']],
  [['--report-uncaught-exception'], '--report-on-fatalerror', undefined, ['--report-']],
  [['--abort-on-uncaught-exception'], '', limitsWith('0'), ['--abort-on-uncaught-exception ']],
  [[], '--tls-keylog=/tmp/keys', undefined, ['--tls-keylog ']],
  [[], '--trace_tls', undefined, ['--trace-tls ']],
  [['--trace-event-categories'], '', undefined, ['--trace-event-categories ']],
  [[], '-r ./spy.cjs', undefined, ['-r ']],
  [[], '--require=./spy.cjs', undefined, ['--require ']],
  [[], '"--require=./a folder/spy.cjs"', undefined, ['--require ']],
  [['--import'], '--experimental-loader ./spy.mjs', undefined, ['--import ', '--experimental-loader ']],
  [['--loader=./spy.mjs'], '', undefined, ['--loader ']],
  [['--openssl-config=x.cnf'], '', undefined, ['--openssl-config ']],
  [['--experimental-config-file=x.json'], '', undefined, ['--experimental-config-file ']],
  [['--experimental-default-config-file'], '', undefined, ['--experimental-default-config-file ']],
  [['--no-trace-tls', '--trace-warnings'], '--requires --importance --tls-keylogger', undefined, []],
  [['--inspector-off', '--max-old-space-size=100'], '--enable-source-maps', undefined, []],
];

describe('what could write the memory down', () => {
  for (const [execArgv, nodeOptions, limits, found] of cases) {
    it(`${[...execArgv, nodeOptions, limits?.match(/size\s+\S+/)?.[0] ?? ''].join(' ')}: ${found.join(', ') || 'nothing'}`, () => {
      const findings = checkMemory(execArgv, nodeOptions, limits);
      expect(findings.map(({ state }) => state)).toEqual(found.length > 0 ? found.map(() => 'warning') : ['ok']);
      for (const [at, start] of found.entries()) expect(findings[at]?.detail).toMatch(new RegExp(`^${start}`));
    });
  }
});
