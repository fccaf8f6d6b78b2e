// Composes the monitor: what is watched, and what is asked when somebody looks.
import type { HttpSettings } from '../shared/config/http-settings.ts';
import { ok, type Result } from '../shared/failure/result.ts';
import type { ExecutionContext } from './execute/ports.ts';
import { createJournalHealth } from './journal/journal-health.ts';
import type { ServingApp } from './serve-half.ts';
import type { VaultState } from './server/http/metric-labels.ts';
import { createMetrics } from './server/http/metrics.ts';
import { startMonitor } from './server/http/monitor.ts';
import { createReadiness } from './server/http/readiness.ts';
import { createWatch, type Watch } from './server/http/watch.ts';
import type { State } from './state/state.ts';
import type { Toolbox } from './tools/toolbox.ts';

interface MonitorParts {
  readonly address: NonNullable<HttpSettings['monitor']>;
  readonly hosts: readonly string[];
  readonly app: ServingApp;
  readonly state: State;
}

interface RunningMonitor {
  readonly url: string;
  /** What to serve in the place of the app given. */
  readonly app: ServingApp;
  readonly watch: Watch;
  /** To be called when nothing serves any more: until then probes are told `stopping`. */
  close(): Promise<void>;
}

interface ServedParts extends Pick<MonitorParts, 'app' | 'state'> {
  readonly settings: Pick<HttpSettings, 'monitor' | 'hosts'>;
  readonly tell: (level: 'info', fields: { readonly url: string }, message: string) => void;
}

/** Serves beside a monitor, where the settings want one, as long as `serve` does. Failures: those of `serve`, NETWORK/CANNOT_LISTEN. */
export async function serveMonitored(
  { settings, app, state, tell }: ServedParts,
  serve: (app: ServingApp, watch?: Watch) => Promise<Result<void>>,
): Promise<Result<void>> {
  const { monitor: address, hosts } = settings;
  if (!address) return serve(app);
  const monitor = await startMonitoring({ address, hosts, app, state });
  if (!monitor.ok) return monitor;
  tell('info', { url: monitor.value.url }, 'health and metrics are served');
  try {
    return await serve(monitor.value.app, monitor.value.watch);
  } finally {
    await monitor.value.close();
  }
}

/** Starts the monitor; it is `starting` until a toolbox is watched. Failure: NETWORK/CANNOT_LISTEN. */
async function startMonitoring({ address, hosts, app, state }: MonitorParts): Promise<Result<RunningMonitor>> {
  const { now, signal } = app;
  const journal = createJournalHealth({ state, now });
  let context: ExecutionContext | undefined;
  let toolbox: Toolbox | undefined;
  let vault: VaultState | undefined;
  const metrics = createMetrics({
    kept: () => toolbox?.held(),
    scripts: () => context?.scripts.load?.(),
    vault: () => vault,
    journal: () => journal.facts(),
    now,
  });
  const readiness = createReadiness({
    workspace: () => toolbox?.ready(),
    vault: async () => {
      vault = vaultState(context);
      return vault;
    },
    journal: () => journal.check(),
    signal,
    now,
  });
  const text = async () => {
    await readiness();
    return metrics.text();
  };
  const onBug = (error: unknown) => app.onBug(error, app.randomId());
  const { contentType } = metrics;
  const monitor = await startMonitor({ address, hosts, readiness, metrics: { text, contentType }, onBug });
  if (!monitor.ok) {
    metrics.close();
    return monitor;
  }
  return ok({
    url: monitor.value.url,
    app: {
      ...app,
      async open() {
        const opened = await app.open();
        if (opened.ok) context = opened.value;
        return opened;
      },
    },
    watch: createWatch(metrics, (watched) => {
      toolbox = watched;
    }),
    async close() {
      metrics.close();
      await monitor.value.close();
    },
  });
}

function vaultState(context: ExecutionContext | undefined): VaultState {
  const checked = context?.handles.check?.();
  if (!checked) return 'absent';
  if (checked.ok) return checked.value.exists ? 'usable' : 'absent';
  return checked.failure.code.startsWith('VAULT/KEY_') ? 'locked' : 'damaged';
}
