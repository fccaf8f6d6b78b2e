// The composition root: the only file that constructs the parts. Each is loaded when it is first needed, so that a server
// answers tools/list before it knows of workspace, database, network or keychain. Only the signer is given the secrets.
import { createHash, randomUUID } from 'node:crypto';
import { parse, resolve } from 'node:path';
import { failure } from '../shared/failure/failure.ts';
import { err, ok, type Result } from '../shared/failure/result.ts';
import { once } from '../shared/once.ts';
import type { KeySourceKind } from '../shared/secret/key-source.ts';
import type { Ask, ToolOutcome } from './cli/call-tool.ts';
import type { Parts } from './cli/parts.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import type { Places } from './cli/session.ts';
import { VERSION } from './cli/version.ts';
import type { ConfigPlace } from './config/config-place.ts';
import type { LoadedConfig } from './config/load-config.ts';
import { readProcessSettings, type Settings } from './config/settings.ts';
import type { ExecutionContext, Workspace } from './execute/ports.ts';
import { createKeptHalf } from './kept-half.ts';
import { createTeller, type Teller } from './log/teller.ts';
import type { ServingApp } from './serve-half.ts';
import type { Vault } from './vault/open-vault.ts';
import type { FollowedWorkspace } from './workspace/followed-workspace.ts';

const now = () => Date.now();
const randomId = () => randomUUID();

/** Everything behind one data folder and one workspace. */
class Product implements Parts {
  readonly home: string;
  readonly roots: readonly string[];
  readonly keySource?: KeySourceKind;
  readonly keys: Settings['keys'];
  readonly nodeOptions: string;
  readonly http: Settings['http'];
  readonly #settings: Settings;
  readonly #closers: (() => void | Promise<void>)[] = [];
  #warn: (text: string) => void;
  #vault: Promise<Result<Vault>> | undefined;
  /** Of a server: what was opened follows its files, and its configuration. */
  #followed: FollowedWorkspace | undefined;
  #isStale: () => boolean = () => false;
  #place: ConfigPlace | undefined;
  /** Whether this process goes on, and with it what only its memory has. */
  #serves = false;

  constructor(settings: Settings, roots: readonly string[], warn: (text: string) => void) {
    this.home = settings.home;
    this.roots = roots;
    if (settings.keySource !== undefined) this.keySource = settings.keySource;
    this.keys = settings.keys;
    this.nodeOptions = settings.nodeOptions;
    this.http = settings.http;
    this.#settings = settings;
    this.#warn = warn;
  }

  readonly #state = once(async () => {
    const { createState } = await import('./state/open-state.ts');
    const state = createState(this.home);
    this.#closers.push(() => state.close());
    return state;
  });

  readonly #kept = createKeptHalf(() => this.#state(), now);
  readonly trust = this.#kept.trust;
  readonly journal = this.#kept.journal;
  readonly approvals = this.#kept.approvals;
  readonly accessKeys = this.#kept.accessKeys;

  readonly #sealed = once(async () => {
    const { createSealedHalf } = await import('./sealed-half.ts');
    const onUnchecked = (origin: string) =>
      this.#log.tell(
        'warn',
        { origin },
        'the certificate of this server is NOT checked: keyward.yaml says verify: false',
      );
    const sealed = createSealedHalf(now, onUnchecked, this.#settings.variable, this.home);
    this.#closers.push(() => sealed.close());
    return sealed;
  });

  readonly #scripts = once(async () => {
    const { close, ...parts } = (await import('./script-half.ts')).createScriptHalf();
    this.#closers.push(close);
    return parts;
  });

  readonly #toolbox = once(async () => {
    const { createToolbox } = await import('./tools/toolbox.ts');
    const { inCall } = this.#log;
    return createToolbox({ open: () => this.#openContext(), now, randomId, onBug: this.#onBug, inCall });
  });

  // The log and the redactor behind it are loaded at the first line: a quiet start needs neither.
  readonly #log: Teller = createTeller(async () => (await import('./log/log.ts')).createLog(this.#settings.logLevel));

  readonly #onBug = (error: unknown, correlationId: string) =>
    this.#log.tell('error', { error, correlationId }, 'a bug; the call failed');

  vault(): Promise<Result<Vault>> {
    this.#vault ??= this.#openVault(undefined);
    return this.#vault;
  }

  async vaultToChange(keySource?: KeySourceKind): Promise<Result<Vault>> {
    this.#vault ??= this.#openVault(keySource);
    const vault = await this.#vault;
    const may = vault.ok ? vault.value.mayChange() : vault;
    return may.ok ? vault : may;
  }

  async #openVault(keySource: KeySourceKind | undefined): Promise<Result<Vault>> {
    const { openChosenVault } = await import('./vault/choose-vault.ts');
    const { keys, restore } = this.#settings;
    const [state, source] = [await this.#state(), keySource ?? this.keySource];
    const opened = await openChosenVault({ state, source, keys, restore, serves: this.#serves, now });
    if (!opened.ok) return opened;
    const vault = opened.value;
    this.#closers.push(() => {
      this.#warnOfKey(vault);
      vault.close();
      keys.wipe();
    });
    return opened;
  }

  #warnOfKey(vault: Vault): void {
    const status = vault.status();
    if (!status.ok || status.value.warning === undefined) return;
    this.#warn(status.value.warning);
    this.#warn = () => undefined;
  }

  config(): Promise<Result<LoadedConfig>> {
    return this.#loadConfig({ asOperator: true });
  }

  async #loadConfig({ asOperator }: { readonly asOperator: boolean }): Promise<Result<LoadedConfig>> {
    const [{ loadTrustedConfig }, { createFence }, place] = await Promise.all([
      import('./config/load-trusted-config.ts'),
      import('./workspace/fence.ts'),
      this.#findPlace(),
    ]);
    if (!place.ok) return place;
    const isForbidden = (path: string) => createFence([this.home]).holds(path);
    return loadTrustedConfig({ place: place.value, notes: await this.trust(), asOperator, isForbidden });
  }

  /** Found once: what becomes of the paths later changes neither which files are served nor which policy holds for them. */
  async #findPlace(): Promise<Result<ConfigPlace>> {
    if (this.#place) return ok(this.#place);
    const { placeConfig } = await import('./config/config-place.ts');
    const found = placeConfig(this.roots);
    if (found.ok) this.#place ??= found.value;
    return this.#place ? ok(this.#place) : found;
  }

  async workspace(): Promise<Result<Workspace>> {
    const config = await this.config();
    return config.ok ? this.#openWorkspace(config.value) : config;
  }

  async #openWorkspace({ include, alsoWithin }: LoadedConfig): Promise<Result<Workspace>> {
    const globs = { ...(include && { include }), ...(alsoWithin && { alsoWithin }) };
    if (this.#followed) return this.#followed.open(globs);
    const { openWorkspace } = await import('./workspace/open-workspace.ts');
    return openWorkspace({ roots: this.#placedRoots(), ...globs, forbidden: [this.home] });
  }

  #placedRoots(): readonly string[] {
    return this.#place?.roots ?? this.roots;
  }

  /**
   * Edits of the configuration, and the operator's trust in it, count from the next call on. Gives what tells whether what is
   * opened from now on still holds.
   */
  async #followConfig(place: ConfigPlace): Promise<() => boolean> {
    const { followConfig } = await import('./config/config-stamp.ts');
    const store = await this.trust();
    const isCurrent = followConfig(place, (file) => store.find(file));
    this.#isStale = () => !isCurrent();
    return isCurrent;
  }

  async #openContext(): Promise<Result<ExecutionContext>> {
    const place = await this.#findPlace();
    if (!place.ok) return place;
    const isCurrent = this.#followed && (await this.#followConfig(place.value));
    const config = await this.#loadConfig({ asOperator: false });
    if (!config.ok) return config;
    const vault = await this.vault();
    if (!vault.ok) return vault;
    this.#warnOfKey(vault.value);
    const workspace = await this.#openWorkspace(config.value);
    if (!workspace.ok) return workspace;
    const { policy } = config.value;
    const sealed = await this.#sealed();
    return ok({
      workspace: workspace.value,
      handles: vault.value,
      captured: await sealed.captured(),
      courier: await sealed.courier(policy, vault.value),
      journal: await this.journal(),
      ...(await this.#scripts()),
      policy,
      now,
      random: Math.random,
      randomId,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      ...(await sealed.aboutSealed()),
      ...(isCurrent && { isCurrent }),
    });
  }

  readonly context: Parts['context'] = () => this.#openContext();

  async canSign(authType: string): Promise<boolean> {
    return (await import('./signer/schemes/schemes.ts')).schemeOf(authType) !== undefined;
  }

  readonly login: Parts['login'] = async (...asked) => {
    const { openLogin } = await import('./cli/operator-login.ts');
    return openLogin(await this.#openContext(), await this.vaultToChange(), await this.#sealed(), asked);
  };

  async callTool(name: string, input: unknown, ask?: Ask): Promise<ToolOutcome> {
    const { callTool } = await import('./cli/call-tool.ts');
    return callTool(await this.#toolbox(), name, input, ask);
  }

  async #startServing(): Promise<ServingApp> {
    this.#serves = true;
    const { startServing } = await import('./serve-half.ts');
    const serving = startServing({
      home: this.home,
      // Asked when the workspace is opened, after the place of the configuration was found.
      roots: () => this.#placedRoots(),
      log: this.#log,
      onBug: this.#onBug,
    });
    this.#followed = serving.followed;
    this.#closers.push(() => serving.followed.close());
    this.#warn = (text) => this.#log.tell('warn', {}, text);
    return {
      ...serving.app,
      version: VERSION,
      open: () => this.#openContext(),
      isStale: () => this.#isStale(),
    };
  }

  async serveStdio(): Promise<void> {
    const { serveStdio } = await import('./server/stdio.ts');
    await serveStdio(await this.#startServing());
  }

  readonly serveHttp: Parts['serveHttp'] = async (listen, onListening) => {
    const { loadHttp, serveOverHttp } = await import('./http-half.ts');
    const settings = loadHttp({ home: this.home, roots: this.roots, variables: this.http, listen });
    if (!settings.ok) return settings;
    const network = async () => {
      const config = await this.#loadConfig({ asOperator: false });
      return config.ok ? ok(config.value.policy.network) : config;
    };
    const app = await this.#startServing();
    const kept = { state: await this.#state(), journal: await this.journal() };
    return serveOverHttp({ app, settings: settings.value, ...kept, network, tell: this.#log.tell, onListening });
  };

  async close(): Promise<void> {
    // What was opened last may need what was opened first: the vault writes its counts into the state.
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** Runs the command line of this process and sets its exit code. `entry` is the file that Node was started with. */
export async function main(entry: string): Promise<void> {
  // Once: keys are taken out of the environment as they are read.
  const settings = once(readProcessSettings);
  await runCommandLine(entry, (places, warn) => openProduct(settings(), places, warn));
}

function openProduct(
  settings: Result<Settings>,
  { home, workspaces = [] }: Places,
  warn: (text: string) => void,
): Result<Parts> {
  if (!settings.ok) return settings;
  const here = process.cwd();
  // Some clients start servers at the root of the disk; nobody means to serve all of it.
  if (workspaces.length === 0 && here === parse(here).root) {
    return err(
      failure('INPUT/INVALID', { problem: 'no workspace was named, and the current folder is the whole disk' }),
    );
  }
  const placed = home === undefined ? settings.value : { ...settings.value, home: resolve(home) };
  return ok(new Product(placed, workspaces.length > 0 ? workspaces : [here], warn));
}
