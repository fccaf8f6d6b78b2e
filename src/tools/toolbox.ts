// Every call passes here, of a tool or for a resource: strict arguments in, `Presented` out, whatever the handler does. The
// handlers and all they import load at the first call, so that listing the tools stays quick.

import { promptGroups, type ToolGroup, toolGroup } from '../../shared/access/tool-group.ts';
import type { Contract } from '../../shared/contracts/contract.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { once } from '../../shared/once.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { ApprovalAnswer } from '../execute/approval.ts';
import type { ExecutionContext } from '../execute/ports.ts';
import { createResponseStore } from '../execute/response-store.ts';
import type { Presented, PresentedQuestion } from './present.ts';
import { createResourceFeed } from './resource-feed.ts';
import type { PresentedPrompt, PromptCall } from './run-prompt.ts';
import type { ResourceCall } from './run-resource.ts';

export interface ToolboxOptions {
  /** Opens workspace, vault and journal; called at the first call, after a failure, and where what it gave is stale. */
  readonly open: () => Promise<Result<ExecutionContext>>;
  /** Whether what was opened last no longer holds, as after an edit of keyward.yaml; asked before each call. */
  readonly isStale?: () => boolean;
  /** Calls back whenever the workspace or its configuration may have changed. */
  readonly onChange?: (listener: () => void) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomId: () => string;
  /** Told of a bug; the caller learns only the correlation id. */
  readonly onBug?: (error: unknown, correlationId: string) => void;
  /** Runs what belongs to a call, so that whatever is logged of it carries its id. */
  readonly inCall?: <T>(correlationId: string, run: () => T) => T;
}

export interface ToolCall {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly approval?: ApprovalAnswer;
  /** Ties the call to log lines and failures outside of it; absent: one is made. */
  readonly correlationId?: string;
}

export interface Toolbox {
  /** Runs a tool of the contracts by name with arguments as they came; never throws for what the caller did. */
  run(contract: Contract, args: unknown, call: ToolCall): Promise<Presented | PresentedQuestion>;
  /** Lists or reads resources; undefined for one that is hidden or does not exist. */
  resource(asked: ResourceCall, call: ToolCall): Promise<Presented | undefined>;
  /** Makes a prompt, or says why it could not be made; undefined where there is none of this name. */
  prompt(asked: PromptCall, call: ToolCall): Promise<PresentedPrompt | Presented | undefined>;
  /** Calls back when the visible collections changed; gives the function that ends it. */
  onResourcesChanged(listener: () => void): () => void;
  /** Loads and opens what the first call needs, and then indexes for the first search; failures are left to that call. */
  warm(): Promise<void>;
  /** Opens what a call needs, as a call does. */
  ready(): Promise<Result<void>>;
  /** How much is kept of answers, to be read on. */
  held(): { readonly count: number; readonly bytes: number };
}

export function createToolbox(options: ToolboxOptions): Toolbox {
  const { inCall = (_, run) => run() } = options;
  const responses = createResponseStore(options);
  const cursorKey = options.randomId();
  const feed = createResourceFeed();
  // Once warm, what changes is indexed before it is searched.
  let warmSearch: (context: ExecutionContext) => Promise<void> = async () => undefined;
  const source = createSource(options, async (context) => {
    const [{ visibleCollections }, { isSameResource }] = await Promise.all([
      import('../execute/visible.ts'),
      import('./same-resource.ts'),
    ]);
    feed.look(visibleCollections(context), isSameResource);
    void warmSearch(context);
  });
  options.onChange?.(() => source.lookAgain());
  // Each import is looked up anew, which takes longer than much of what a call does.
  const narrow = once(() => import('../execute/narrow.ts'));
  const runner = once(() => import('./run-tool.ts'));
  const open = async (principal: Principal): Promise<Result<ExecutionContext>> => {
    const opened = await source.open();
    if (!opened.ok || !principal.reach) return opened;
    return ok((await narrow()).narrowTo(opened.value, principal));
  };
  const tools = { open, responses, cursorKey, newId: options.randomId };
  /** A bug is told of, and shown as a failure without its message. */
  const guarded = <T>(
    { principal, correlationId = options.randomId() }: ToolCall,
    groups: readonly (ToolGroup | undefined)[],
    run: (correlationId: string) => Promise<T>,
  ): Promise<T | Presented> =>
    inCall(correlationId, async () => {
      try {
        const { reach } = principal;
        if (reach && !groups.every((group) => group && reach.tools.includes(group))) {
          return (await import('./present.ts')).presentFailure(failure('ACCESS/DENIED'), correlationId);
        }
        return await run(correlationId);
      } catch (error) {
        options.onBug?.(error, correlationId);
        return (await import('./present.ts')).presentFailure(failure('INTERNAL/BUG'), correlationId);
      }
    });
  return {
    run: (contract, args, call) =>
      guarded(call, [toolGroup(contract.name)], async (correlationId) =>
        (await runner()).runTool(contract, args, { ...call, correlationId }, tools),
      ),
    resource: (asked, call) =>
      guarded(call, ['read'], async (correlationId) =>
        (await import('./run-resource.ts')).runResource(asked, { ...call, correlationId }, tools),
      ),
    prompt: (asked, call) =>
      guarded(call, promptGroups(asked.name), async (correlationId) =>
        (await import('./run-prompt.ts')).runPrompt(asked, { ...call, correlationId }, tools),
      ),
    onResourcesChanged: (listener) => feed.onChange(listener),
    async warm() {
      const ready = Promise.all([source.open(), import('./request-search.ts'), import('./run-tool.ts')]);
      const [opened, search] = (await ready.catch(() => undefined)) ?? [];
      warmSearch = async (context) => search?.warmSearch(context).catch(() => undefined);
      if (opened?.ok) await warmSearch(opened.value);
    },
    async ready() {
      const opened = await source.open();
      return opened.ok ? ok(undefined) : opened;
    },
    held: () => responses.held(),
  };
}

interface Source {
  readonly open: () => Promise<Result<ExecutionContext>>;
  /** Nobody called, and yet there may be something new to see. */
  lookAgain(): void;
}

const MAX_OPENINGS = 3;

/** Opens once, and again after a failure or where it is stale; `look` gets the context whenever it may show something else. */
function createSource(options: ToolboxOptions, look: (context: ExecutionContext) => Promise<void>): Source {
  let opening: Promise<Result<ExecutionContext>> | undefined;
  /** The opening that was found to hold once it was there. */
  let settled: typeof opening;
  let seen: { readonly context: ExecutionContext; readonly revision: number } | undefined;
  const forget = (made: typeof opening) => {
    if (opening === made) opening = undefined;
  };
  const isStale = ({ isCurrent }: ExecutionContext) => options.isStale?.() === true || isCurrent?.() === false;
  /** What is opened, or being opened, or a failure. */
  const openOnce = async (): Promise<Result<ExecutionContext> | 'stale'> => {
    if (opening && options.isStale?.()) opening = undefined;
    // What only begins to be opened, or still is, may be stale by the time that it is there; to ask costs as much as a quick call.
    const isAsked = options.isStale !== undefined && opening !== undefined && opening === settled;
    opening ??= options.open();
    const current = opening;
    const opened = await current.catch((error: unknown) => {
      forget(current);
      throw error;
    });
    if (!opened.ok) {
      forget(current);
      return opened;
    }
    const context = opened.value;
    if (opening !== current || (!isAsked && isStale(context))) {
      forget(current);
      return 'stale';
    }
    settled = current;
    const revision = context.workspace.revision();
    if (seen?.context !== context || seen.revision !== revision) {
      seen = { context, revision };
      await look(context);
    }
    return opened;
  };
  const open = async (): Promise<Result<ExecutionContext>> => {
    for (let tried = 0; tried < MAX_OPENINGS; tried += 1) {
      const opened = await openOnce();
      if (opened !== 'stale') return opened;
    }
    return err(failure('POLICY/CHANGED'));
  };
  return {
    open,
    lookAgain() {
      if (opening) void open().catch(() => undefined);
    },
  };
}
