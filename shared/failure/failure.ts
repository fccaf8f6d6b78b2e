import { type CatalogueEntry, catalogue, type FailureCode } from './catalogue.ts';

/** A place in a file: workspace-relative path, 1-based line and column where known. */
export interface SourceSpan {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export type Facts = Readonly<Record<string, string | number>>;

/** An expected failure. Facts fill the catalogue's sentences; they must never hold a secret or a foreign message. */
export interface Failure {
  readonly code: FailureCode;
  readonly facts: Facts;
  readonly where?: SourceSpan;
}

export function failure(code: FailureCode, facts: Facts = {}, where?: SourceSpan): Failure {
  return where ? { code, facts, where } : { code, facts };
}

/** What outsiders see of a failure. */
export interface FailureReport {
  readonly code: FailureCode;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
  readonly where?: SourceSpan;
}

export function describeFailure({ code, facts, where }: Failure): FailureReport {
  const found: CatalogueEntry = catalogue[code];
  const report = { code, message: fill(found.title, facts), fix: fill(found.fix, facts), retryable: found.retryable };
  return where ? { ...report, where } : report;
}

const MAX_FACT_CHARS = 300;

// `{{vault:NAME}}` in a text is meant literally; only single braces are filled.
function fill(text: string, facts: Facts): string {
  return text.replace(/(?<!\{)\{(\w+)\}(?!\})/g, (_, name: string) => {
    const fact = String(facts[name] ?? 'none');
    // A fact is other people's text: control characters would break terminals and log lines.
    const printable = fact.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
    return printable.length > MAX_FACT_CHARS ? `${printable.slice(0, MAX_FACT_CHARS)}…` : printable;
  });
}
