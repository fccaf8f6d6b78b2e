// What could write this process's memory, and with it secrets, to a disk or to a debugger. Node itself can change none of it.
import { readFileSync } from 'node:fs';
import type { Finding } from './doctor.ts';

/** Options of Node that show or write the memory, or let others do so, and what each does. */
const EXPOSING: readonly (readonly [option: RegExp, does: string])[] = [
  [/^--inspect(?:-brk|-wait|-port)?(?:=|$)/, 'lets a debugger read all memory'],
  [/^--heapsnapshot-(?:signal|near-heap-limit)(?:=|$)/, 'writes the heap to a file'],
  [/^--heap-prof(?:=|$)/, 'writes samples of the heap to a file'],
  [
    /^--report-(?:on-signal|on-fatalerror|uncaught-exception|signal)(?:=|$)/,
    'writes a report with the environment in it',
  ],
  [/^--abort-on-uncaught-exception$/, 'makes a crash dump core'],
  [/^--tls-keylog(?:=|$)/, 'writes the keys of all TLS connections to a file'],
  [/^--trace-tls$/, 'prints what TLS connections are made with'],
  [/^--trace-event-categories(?:=|$)/, 'writes what Node does to a file'],
  [/^(?:-r|--(?:require|import))(?:=|$)/, 'runs other code in this process'],
  [/^--(?:experimental-)?loader(?:=|$)/, 'lets other code change what this process runs'],
  [/^--openssl-config(?:=|$)/, 'lets a file choose what TLS and the encryption are made with'],
  [/^--experimental-(?:config-file|default-config-file)(?:=|$)/, 'takes more options from a file, unseen here'],
];

/** `limits` is the text of /proc/self/limits, undefined where there is none. */
export function checkMemory(execArgv: readonly string[], nodeOptions: string, limits: string | undefined): Finding[] {
  const options = [...execArgv, ...nodeOptions.split(/\s+/)].map((word) => word.replace(/^"/, '').replaceAll('_', '-'));
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
