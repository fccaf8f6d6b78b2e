// What the scripts of one execution said and asked for. It is told at the end only: what a later one of them stores as a secret is then
// taken out of what an earlier one wrote down.
import { shownName } from '../../shared/collection/shown-name.ts';
import { describeFailure, type Failure, failure } from '../../shared/failure/failure.ts';
import { redactText } from '../../shared/redact/redact-fields.ts';
import type { ScriptError, ScriptOutcome } from '../../shared/script/job.ts';
import type { LiveText } from '../../shared/script/live-text.ts';
import type { ScriptReport } from './script-report.ts';

export interface Gathering {
  /** Adds what came of one phase. */
  add(outcome: ScriptOutcome, live: LiveText): void;
  note(problem: Failure): void;
  /** Whether some script asked for the request not to be sent. */
  skips(): boolean;
  /** `clean` takes secrets out of a text. */
  told(clean: (text: string) => string): Told;
}

type Told = Pick<ScriptReport, 'tests' | 'console' | 'next' | 'problems' | 'unsupported'>;

export function createGathering(): Gathering {
  const tests: ScriptReport['tests'][number][] = [];
  const lines: ScriptReport['console'][number][] = [];
  const problems: Failure[] = [];
  const unsupported = new Set<string>();
  let skips = false;
  let next: string | null | undefined;
  return {
    add({ tests: run, console: printed, skip, next: named, unsupported: missing }, { plain }) {
      for (const { name, status, message } of run) {
        tests.push({ name: plain(name), status, ...(message !== undefined && { message: plain(message) }) });
      }
      lines.push(...printed.map(({ level, text }) => ({ level, text: plain(text) })));
      skips ||= skip;
      if (named !== undefined) next = named === null ? null : plain(named);
      for (const api of missing) unsupported.add(api);
    },
    note: (problem) => problems.push(problem),
    skips: () => skips,
    told(clean) {
      const shown = (text: string): string => redactText(clean(text)).text;
      return {
        tests: tests.map(({ name, status, message }) => ({
          name: shown(name),
          status,
          ...(message !== undefined && { message: shown(message) }),
        })),
        console: lines.map(({ level, text }) => ({ level, text: shown(text) })),
        ...(next !== undefined && { next: next === null ? null : shownName(clean(next)) }),
        problems: problems.map((each) => sentenceOf(each, clean)),
        unsupported: [...unsupported].map(clean),
      };
    },
  };
}

function sentenceOf(problem: Failure, clean: (text: string) => string): string {
  const { code, message, fix } = describeFailure(problem);
  return `${code}: ${clean(message)} ${fix}`;
}

/** What a script threw, as a failure. */
export function thrownBy(
  { name, message, label }: ScriptError,
  { unsupported }: ScriptOutcome,
  plain: (text: string) => string,
): Failure {
  const [api] = unsupported;
  if (api !== undefined && message.includes(api)) return failure('SCRIPT/UNSUPPORTED', { api: shownName(plain(api)) });
  const problem = shownName(redactText(plain(`${name}: ${message}`)).text);
  return failure('SCRIPT/FAILED', { label: shownName(label || 'script'), problem });
}
