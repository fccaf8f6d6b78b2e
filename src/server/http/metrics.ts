// What is counted, in a registry of its own. Every label is out of a closed set (metric-labels.ts), so that the number of series has a
// bound and no series tells a name.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ScriptLoad } from '../../execute/ports.ts';
import {
  AUTHENTICATION_KINDS,
  codeLabel,
  denialRule,
  OUTCOMES,
  type Outcome,
  statusLabel,
  TOOLS,
  toolLabel,
  VAULT_STATES,
  type VaultState,
} from './metric-labels.ts';

/** Counts. Nothing that it is told is kept but what the closed sets know. */
export interface Metrics {
  /** A call of a tool, a resource or a prompt begins; to be called with how it ended. */
  begin(tool: string): (ended: CallOutcome) => void;
  /** A call was refused before it came to a tool; `caller` where one was found. */
  refused(code: string, caller: string | undefined): void;
  /** An HTTP answer ended; without a status where the client went away before there was one. */
  answered(status: number | undefined): void;
  /** One more connection, or one less. */
  connected(change: 1 | -1): void;
  /** A connection was closed because there were too many. */
  crowded(): void;
  /** All of it in Prometheus's text format (version 0.0.4). */
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}

export interface CallOutcome {
  readonly outcome: Outcome;
  /** Of a failure. */
  readonly failure?: { readonly code: string; readonly fix: string };
  readonly redactions?: number;
}

/** What is asked when the metrics are read; absent values are left out. */
export interface MetricSources {
  readonly kept: () => { readonly count: number; readonly bytes: number } | undefined;
  readonly scripts: () => ScriptLoad | undefined;
  readonly vault: () => VaultState | undefined;
  readonly journal: () => JournalFacts | undefined;
  readonly now: () => number;
}

export interface JournalFacts {
  readonly entries: number;
  /** When the newest signed checkpoint was written, in milliseconds since the epoch. */
  readonly checkpointAt?: number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const DELAY_RESOLUTION_MS = 20;

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const counters = createCounters(registry);
  const { calls, failures, seconds, inFlight, redactions, denials, limited } = counters;
  const closeGauges = addGauges(registry, sources);
  const fail = (code: string, fix: string): void => {
    failures.inc({ code: codeLabel(code) });
    const rule = denialRule(code, fix);
    if (rule !== undefined) denials.inc({ rule });
  };
  return {
    begin(asked) {
      const tool = toolLabel(asked);
      const startedAt = performance.now();
      inFlight.inc();
      return ({ outcome, failure, redactions: count = 0 }) => {
        inFlight.dec();
        calls.inc({ tool, outcome });
        seconds.observe({ tool }, (performance.now() - startedAt) / 1_000);
        redactions.inc(count);
        if (failure) fail(failure.code, failure.fix);
        if (failure?.code === 'ACCESS/RATE_LIMITED') limited.inc({ scope: 'origin' });
      };
    },
    refused(code, caller) {
      fail(code, '');
      const kind = AUTHENTICATION_KINDS.get(code);
      const isPace = code === 'ACCESS/RATE_LIMITED' && caller !== undefined;
      if (kind !== undefined && !isPace) counters.authentication.inc({ kind });
      if (code === 'ACCESS/RATE_LIMITED') limited.inc({ scope: isPace ? 'call' : 'authentication' });
    },
    answered: (status) => counters.responses.inc({ status: statusLabel(status) }),
    connected: (change) => counters.connections.inc(change),
    crowded: () => counters.crowded.inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: closeGauges,
  };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `keyward_${name}_total`, help, labelNames, registers });
  const calls = counter('calls', 'Calls of tools, resources and prompts, by how they ended.', 'tool', 'outcome');
  const limited = counter('rate_limited', 'Calls and requests that were too many.', 'scope');
  const authentication = counter('authentication_failures', 'Calls without a credential that counts.', 'kind');
  const redactions = counter('redactions', 'Values that were taken out of answers.');
  for (const tool of TOOLS) for (const outcome of OUTCOMES) calls.inc({ tool, outcome }, 0);
  for (const scope of ['call', 'origin', 'authentication']) limited.inc({ scope }, 0);
  for (const kind of AUTHENTICATION_KINDS.values()) authentication.inc({ kind }, 0);
  return {
    calls,
    limited,
    authentication,
    redactions,
    failures: counter('failures', 'Failures, by code.', 'code'),
    denials: counter('denials', 'Calls that a rule denied.', 'rule'),
    responses: counter('http_responses', 'Answers of the HTTP server, by status.', 'status'),
    seconds: new Histogram({
      name: 'keyward_call_seconds',
      help: 'How long calls took.',
      labelNames: ['tool'],
      buckets: SECONDS,
      registers,
    }),
    inFlight: new Gauge({ name: 'keyward_calls_in_flight', help: 'Calls under way.', registers }),
    crowded: counter('connections_closed', 'Connections that were closed because there were too many.'),
    connections: new Gauge({ name: 'keyward_connections', help: 'Open connections.', registers }),
  };
}

/** What is read when it is asked for; gives what ends the measuring of the event loop. */
function addGauges(registry: Registry, { kept, scripts, vault, journal, now }: MetricSources): () => void {
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    const collect = function (this: Gauge): void {
      this.reset();
      this.remove();
      const value = read();
      if (value !== undefined) this.set(value);
    };
    new Gauge({ name, help, registers: [registry], collect });
  };
  gauge('keyward_kept_responses', 'Redacted bodies that are kept to be read on.', () => kept()?.count);
  gauge('keyward_kept_response_bytes', 'Memory that they take.', () => kept()?.bytes);
  gauge('keyward_script_threads', 'Threads that run scripts.', () => scripts()?.threads);
  gauge('keyward_script_runs', 'Scripts that run.', () => scripts()?.running);
  gauge('keyward_script_runs_waiting', 'Scripts that wait for a thread.', () => scripts()?.waiting);
  gauge('keyward_journal_entries', 'Entries of the journal.', () => journal()?.entries);
  gauge('keyward_journal_checkpoint_age_seconds', 'Time since the newest signed checkpoint.', () => {
    const at = journal()?.checkpointAt;
    return at === undefined ? undefined : Math.max(0, (now() - at) / 1_000);
  });
  addVaultState(registry, vault);
  gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'When the process started.', () => performance.timeOrigin / 1_000);
  addCpuTime(registry);
  return addLoopDelay(registry);
}

function addCpuTime(registry: Registry): void {
  const collect = function (this: Counter): void {
    const { user, system } = process.cpuUsage();
    this.reset();
    this.inc((user + system) / MICROSECONDS);
  };
  new Counter({ name: 'process_cpu_seconds_total', help: 'User and system time.', registers: [registry], collect });
}

/** Since it was asked last, so that one bad moment does not show for ever. */
function addLoopDelay(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  // The clock of the measurement counts as delay itself.
  const secondsOf = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - DELAY_RESOLUTION_MS / 1_000);
  const collect = function (this: Gauge<'quantile'>): void {
    for (const share of [0.5, 0.99, 1]) this.set({ quantile: String(share) }, secondsOf(delay.percentile(share * 100)));
    delay.reset();
  };
  const help = 'How late the event loop was, since this was asked last.';
  const name = 'keyward_event_loop_delay_seconds';
  new Gauge({ name, help, labelNames: ['quantile'], registers: [registry], collect });
  return () => delay.disable();
}

function addVaultState(registry: Registry, vault: () => VaultState | undefined): void {
  const collect = function (this: Gauge<'state'>): void {
    const now = vault();
    for (const state of VAULT_STATES) this.set({ state }, state === now ? 1 : 0);
  };
  const help = 'The vault: 1 for the state that it was found in last.';
  new Gauge({ name: 'keyward_vault_state', help, labelNames: ['state'], registers: [registry], collect });
}
