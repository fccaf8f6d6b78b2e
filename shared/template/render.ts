// Variables become text; secrets become pieces that only the signer opens. What the agent supplies enters as one finished
// text: it is never lexed, so a reference inside it stays text. A caller's claims win over everything, in the place for them alone.

import type { Variable } from '../collection/model.ts';
import { nearestNames } from '../collection/nearest.ts';
import { type Failure, failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { agentPieces, type CapturedLookup } from '../request/agent-text.ts';
import { capturedReference } from '../secret/captured-name.ts';
import type { HandleLookup } from '../secret/secret-ref.ts';
import { addPiece, addSealed, addText, type Output, type Spent, tooLarge } from './add-piece.ts';
import { derivedInputs, isTooMuch, TOO_MUCH } from './derived-inputs.ts';
import { type DynamicValues, dynamicNames } from './dynamic-names.ts';
import type { FileLayer } from './precedence.ts';
import type { Rendered, Template, TemplatePart } from './template.ts';

export type LayerName = 'claim' | 'agent' | 'local' | FileLayer;

export interface ScopeInput {
  /** Variables that the operator fills from claims of callers; undefined where this caller has no such claim. */
  readonly claims?: Readonly<Record<string, string | undefined>>;
  /** Variables that the agent supplied: data, never rendered. */
  readonly agent?: Readonly<Record<string, string>>;
  /** What scripts set for this request alone. */
  readonly local?: readonly Variable[];
  readonly environment?: readonly Variable[];
  /** Innermost first. */
  readonly folders: readonly (readonly Variable[])[];
  readonly collection: readonly Variable[];
  /** Where several files hold globals, the first that knows a name wins. */
  readonly globals: readonly (readonly Variable[])[];
  /** Strongest first. */
  readonly order: readonly FileLayer[];
  readonly handles: HandleLookup;
  /** Names of handles, for "did you mean". */
  readonly secretNames?: readonly string[];
  readonly dynamic: DynamicValues;
  /** What the agent's own values may refer to. */
  readonly captured?: CapturedLookup;
}

export type FoundVariable =
  | { readonly layer: 'claim'; readonly text: string | undefined }
  | { readonly layer: 'agent'; readonly text: string }
  | { readonly layer: StatedLayer; readonly variable: Variable };

type StatedLayer = Exclude<LayerName, 'claim' | 'agent'>;

/** The variables that one request sees. Holds the budget of its renderings, so it lives for one call. */
export interface Scope {
  /** Enabled variables only; the first layer that knows the name wins, in a layer the last of the name. */
  find(name: string): FoundVariable | undefined;
  names(): Iterable<string>;
  readonly handles: HandleLookup;
  readonly secretNames: readonly string[];
  readonly dynamic: DynamicValues;
  readonly captured: CapturedLookup;
  /** Set where claims may stand in what is rendered: nowhere but in a URL. */
  readonly takesClaims?: true;
  readonly spent: Spent;
}

export const VAULT_PREFIX = 'vault:';

/**
 * Claims are the strongest, whether this caller has them or not, then the agent's variables; those of the files follow in the order given,
 * folders from the inside out.
 */
export function createScope(input: ScopeInput): Scope {
  const claims = new Map(Object.entries(input.claims ?? {}));
  const agent = new Map(Object.entries(input.agent ?? {}));
  const stated: Readonly<Record<FileLayer, readonly (readonly Variable[])[]>> = {
    environment: [input.environment ?? []],
    folder: input.folders,
    collection: [input.collection],
    globals: input.globals,
  };
  const layers = [
    ...(input.local ? [layerOf('local', input.local)] : []),
    ...input.order.flatMap((layer) => stated[layer].map((variables) => layerOf(layer, variables))),
  ];
  return {
    find(name) {
      if (claims.has(name)) return { layer: 'claim', text: claims.get(name) };
      const text = agent.get(name);
      if (text !== undefined) return { layer: 'agent', text };
      for (const { layer, variables } of layers) {
        const variable = variables.get(name);
        if (variable) return { layer, variable };
      }
      return undefined;
    },
    names: () => [...claims.keys(), ...agent.keys(), ...layers.flatMap(({ variables }) => [...variables.keys()])],
    handles: input.handles,
    secretNames: input.secretNames ?? [],
    dynamic: input.dynamic,
    captured: input.captured ?? (() => undefined),
    spent: { chars: 0, references: 0, derived: 0 },
  };
}

function layerOf(layer: StatedLayer, variables: readonly Variable[]) {
  return { layer, variables: new Map(variables.filter(({ enabled }) => enabled).map((each) => [each.name, each])) };
}

/**
 * Renders a template in a scope. Failures: TEMPLATE/VARIABLE_MISSING, CYCLE, TOO_DEEP, TOO_LARGE, CLAIM_MISSING, CLAIM_MISPLACED;
 * SECRET/NOT_FOUND for an unknown `{{vault:NAME}}`; SECRET/PLACE_NOT_ALLOWED for a secret inside a name.
 */
export function renderTemplate(template: Template, scope: Scope): Result<Rendered> {
  const traced = renderTraced(template, scope);
  return traced.ok ? ok(traced.value.rendered) : traced;
}

/** The same, and whether anything that the agent supplied took part, be it in the name of a variable. */
export function renderTraced(
  template: Template,
  scope: Scope,
): Result<{ readonly rendered: Rendered; readonly fromAgent: boolean }> {
  const out: Output = { pieces: [], fromAgent: false };
  const problem = renderParts(template, { scope, sealed: false, path: [] }, out);
  return problem ? err(problem) : ok({ rendered: out.pieces, fromAgent: out.fromAgent });
}

/** The text, or undefined where it holds a secret. */
export function renderedText(rendered: Rendered): string | undefined {
  let text = '';
  for (const piece of rendered) {
    if (piece.kind !== 'text') return undefined;
    text += piece.text;
  }
  return text;
}

/** The text for display: every secret as `[secret]`. */
export function displayRendered(rendered: Rendered): string {
  return rendered.map((piece) => (piece.kind === 'text' ? piece.text : '[secret]')).join('');
}

interface Run {
  readonly scope: Scope;
  /** Whether a sensitive place is rendered: what the files put there is a secret, under whatever name it stands. */
  readonly sealed: boolean;
  /** Names being rendered, outermost first, and how many computations they stand in. */
  readonly path: string[];
  readonly within?: number;
  /** Whether the name of a variable is rendered. */
  readonly inName?: true;
}

function renderParts(template: Template, run: Run, out: Output): Failure | undefined {
  for (const part of template) {
    const problem = renderPart(part, run, out);
    if (problem) return problem;
  }
  return undefined;
}

function renderPart(part: TemplatePart, run: Run, out: Output): Failure | undefined {
  switch (part.kind) {
    case 'text':
      return run.sealed ? addSealed(part.text, run.scope.spent, out) : addText(part.text, run.scope.spent, out);
    case 'sealed':
      return addPiece({ kind: 'inline', value: part.value }, part.value.length, run.scope.spent, out);
    case 'reference':
      return renderReference(part.name, part.sealed ? { ...run, sealed: true } : run, out);
    case 'handle':
      return renderFirstHandle(part, run, out);
    case 'captured':
      return addAgentText(capturedReference(`captured:${part.name}`), run, out);
    case 'derived':
      return renderDerived(part, run, out);
    case 'unsupported':
      return failure('TEMPLATE/UNSUPPORTED', { problem: part.problem });
  }
}

function renderDerived(part: Extract<TemplatePart, { kind: 'derived' }>, run: Run, out: Output): Failure | undefined {
  const { scope, within = 0 } = run;
  scope.spent.derived += 1;
  if (isTooMuch(scope.spent.derived, within)) return failure('SCRIPT/NOT_COMPUTED', TOO_MUCH);
  const rendered: Rendered[] = [];
  for (const input of derivedInputs(part, run.sealed)) {
    const inner: Output = { pieces: [], fromAgent: false };
    const problem = renderParts(input, { ...run, sealed: false, within: within + 1 }, inner);
    if (problem) return problem;
    out.fromAgent ||= inner.fromAgent;
    rendered.push(inner.pieces);
  }
  return addPiece({ kind: 'derived', operation: part.operation, inputs: rendered }, 0, run.scope.spent, out);
}

function renderFirstHandle(
  part: Extract<TemplatePart, { kind: 'handle' }>,
  run: Run,
  out: Output,
): Failure | undefined {
  const known = part.names.find((name) => run.scope.handles(name) !== undefined);
  if (known === undefined && part.otherwise) return renderParts(part.otherwise, run, out);
  return renderHandle(known ?? part.names[0], run, out);
}

function renderReference(name: Template, run: Run, out: Output): Failure | undefined {
  const { scope, path } = run;
  scope.spent.references += 1;
  // Empty variables that multiply cost time but no space.
  if (scope.spent.references > limits.renderedReferences) return tooLarge();
  const named: Output = { pieces: [], fromAgent: false };
  const problem = renderParts(name, { ...run, sealed: false, inName: true }, named);
  if (problem) return problem;
  out.fromAgent ||= named.fromAgent;
  const text = renderedText(named.pieces);
  if (text === undefined) return failure('SECRET/PLACE_NOT_ALLOWED', { secret: 'A secret', place: 'variable name' });
  if (path.includes(text)) return failure('TEMPLATE/CYCLE', { name: text, path: [...path, text].join(' → ') });
  if (path.length >= limits.templateDepth) {
    return failure('TEMPLATE/TOO_DEEP', { name: text, limit: limits.templateDepth });
  }
  return renderName(text, named.fromAgent, run, out);
}

function renderName(name: string, chosenByAgent: boolean, run: Run, out: Output): Failure | undefined {
  const { scope, path } = run;
  if (name.startsWith(VAULT_PREFIX)) return renderNamedHandle(name, chosenByAgent, run, out);
  const found = scope.find(name);
  if (found?.layer === 'claim') return addClaim(name, found.text, run, out);
  if (found?.layer === 'agent') {
    out.fromAgent = true;
    return addAgentText(found.text, run, out);
  }
  if (found) {
    const before = out.pieces.length;
    path.push(name);
    const problem = renderParts(found.variable.value, run, out);
    path.pop();
    const secret = chosenByAgent && out.pieces.slice(before).some(({ kind }) => kind !== 'text');
    return secret ? namedByCaller('A secret') : problem;
  }
  const dynamic = name.startsWith('$') && !chosenByAgent ? scope.dynamic(name) : undefined;
  return dynamic === undefined ? missingVariable(name, scope) : addText(dynamic, run.scope.spent, out);
}

function namedByCaller(what: string): Failure {
  return failure('SECRET/PLACE_NOT_ALLOWED', { secret: `${what} named by a caller`, place: 'variable name' });
}

// The agent must not pick a handle by feeding a nested name: which secret stands where is the files' word alone.
function renderNamedHandle(name: string, chosenByAgent: boolean, run: Run, out: Output): Failure | undefined {
  if (chosenByAgent) return namedByCaller('A handle');
  return renderHandle(name.slice(VAULT_PREFIX.length), run, out);
}

function renderHandle(wanted: string, run: Run, out: Output): Failure | undefined {
  const info = run.scope.handles(wanted);
  if (!info) {
    const nearest = nearestNames(wanted, run.scope.secretNames);
    return failure('SECRET/NOT_FOUND', { name: wanted, ...(nearest.length > 0 && { nearest: nearest.join(', ') }) });
  }
  return addPiece({ kind: 'handle', id: info.id, name: info.name }, 0, run.scope.spent, out);
}

function missingVariable(name: string, scope: Scope): Failure {
  if (name.length > limits.variableNameChars) return failure('TEMPLATE/VARIABLE_MISSING', { name });
  const known = name.startsWith('$') ? [...scope.names(), ...dynamicNames] : scope.names();
  const nearest = nearestNames(name, known);
  return failure('TEMPLATE/VARIABLE_MISSING', { name, ...(nearest.length > 0 && { nearest: nearest.join(', ') }) });
}

function addAgentText(text: string, run: Run, out: Output): Failure | undefined {
  const pieces = agentPieces(text, run.scope.captured);
  if (!pieces.ok) return pieces.failure;
  for (const piece of pieces.value) {
    const problem =
      piece.kind === 'text' ? addText(piece.text, run.scope.spent, out) : addPiece(piece, 0, run.scope.spent, out);
    if (problem) return problem;
  }
  return undefined;
}

/** There is nothing else to fall back to: a variable of the files would not be what the operator promised. */
function addClaim(name: string, text: string | undefined, run: Run, out: Output): Failure | undefined {
  const problem = whyNotHere(run);
  if (problem !== undefined) return failure('TEMPLATE/CLAIM_MISPLACED', { name, problem });
  if (text === undefined) return failure('TEMPLATE/CLAIM_MISSING', { name });
  return addPiece({ kind: 'text', text, claim: name }, text.length, run.scope.spent, out);
}

function whyNotHere({ scope, inName, within }: Run): string | undefined {
  if (!scope.takesClaims) return 'it does not stand in the URL';
  if (inName) return 'it takes part in the name of a variable';
  return within === undefined ? undefined : 'a script computes with it';
}
