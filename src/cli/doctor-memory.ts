// What could write this process's memory, and with it secrets, to a disk or to a debugger. Node itself can change none of it.
import { readFileSync } from 'node:fs';
import type { Finding } from './doctor.ts';

/** Options of Node that show or write the memory, and what each does. */
const EXPOSING: readonly (readonly [option: RegExp, does: string])[] = [
  [/^--inspect(?:-brk|-wait|-port)?(?:=|$)/, 'lets a debugger read all memory'],
  [/^--heapsnapshot-(?:signal|near-heap-limit)(?:=|$)/, 'writes the heap to a file'],
  [/^--heap-prof(?:=|$)/, 'writes samples of the heap to a file'],
  [
    /^--report-(?:on-signal|on-fatalerror|uncaught-exception|signal)(?:=|$)/,
    'writes a report with the environment in it',
  ],
  [/^--abort-on-uncaught-exception$/, 'makes a crash dump core'],
];

/** `limits` is the text of /proc/self/limits, undefined where there is none. */
export function checkMemory(execArgv: readonly string[], nodeOptions: string, limits: string | undefined): Finding[] {
  const options = [...execArgv, ...nodeOptions.split(/\s+/)].map((word) => word.replaceAll('_', '-'));
  const exposed = EXPOSING.flatMap(([pattern, does]) => {
    const found = options.find((option) => pattern.test(option));
    return found === undefined ? [] : [`${found.replace(/=.*/, '')} ${does}`];
  });
  const findings: Finding[] = exposed.map((detail) => ({
    state: 'warning',
    about: 'memory',
    detail,
    fix: 'Start it without that option; look at NODE_OPTIONS too.',
  }));
  const core = /^Max core file size\s+(\S+)/m.exec(limits ?? '')?.[1];
  if (core !== undefined && core !== '0') {
    const fix = 'Start it after ulimit -c 0, or as a service with LimitCORE=0.';
    findings.push({ state: 'warning', about: 'memory', detail: 'a crash may write all memory to a core file', fix });
  }
  const detail = 'no debugger, heap snapshot, report or core file was asked for here';
  return findings.length > 0 ? findings : [{ state: 'ok', about: 'memory', detail }];
}

/** Linux alone tells a process its limits in a file. */
export function readProcessLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
