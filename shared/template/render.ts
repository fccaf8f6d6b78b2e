// Variables become text; secrets become pieces that only the signer opens. What the agent supplies enters as one finished
// text: it is never lexed, so a reference inside it stays text.

import type { Variable } from '../collection/model.ts';
import { nearestNames } from '../collection/nearest.ts';
import { type Failure, failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { agentPieces, type CapturedLookup } from '../request/agent-text.ts';
import { capturedReference } from '../secret/captured-name.ts';
import type { HandleLookup } from '../secret/secret-ref.ts';
import { derivedInputs, isTooMuch, TOO_MUCH } from './derived-inputs.ts';
import { type DynamicValues, dynamicNames } from './dynamic-names.ts';
import { sealLiteral } from './lex.ts';
import type { FileLayer } from './precedence.ts';
import type { Piece, Rendered, Template, TemplatePart } from './template.ts';

export type LayerName = 'agent' | 'local' | FileLayer;

export interface ScopeInput {
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
  | { readonly layer: 'agent'; readonly text: string }
  | { readonly layer: Exclude<LayerName, 'agent'>; readonly variable: Variable };

/** The variables that one request sees. Holds the budget of its renderings, so it lives for one call. */
export interface Scope {
  /** Enabled variables only; the first layer that knows the name wins, in a layer the last of the name. */
  find(name: string): FoundVariable | undefined;
  names(): Iterable<string>;
  readonly handles: HandleLookup;
  readonly secretNames: readonly string[];
  readonly dynamic: DynamicValues;
  readonly captured: CapturedLookup;
  readonly spent: { chars: number; references: number; derived: number };
}

export const VAULT_PREFIX = 'vault:';

/** The agent's variables are the strongest; those of the files follow in the order given, folders from the inside out. */
export function createScope(input: ScopeInput): Scope {
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
      const text = agent.get(name);
      if (text !== undefined) return { layer: 'agent', text };
      for (const { layer, variables } of layers) {
        const variable = variables.get(name);
        if (variable) return { layer, variable };
      }
      return undefined;
    },
    names: () => [...agent.keys(), ...layers.flatMap(({ variables }) => [...variables.keys()])],
    handles: input.handles,
    secretNames: input.secretNames ?? [],
    dynamic: input.dynamic,
    captured: input.captured ?? (() => undefined),
    spent: { chars: 0, references: 0, derived: 0 },
  };
}

function layerOf(layer: Exclude<LayerName, 'agent'>, variables: readonly Variable[]) {
  return { layer, variables: new Map(variables.filter(({ enabled }) => enabled).map((each) => [each.name, each])) };
}

/**
 * Renders a template in a scope. Failures: TEMPLATE/VARIABLE_MISSING, CYCLE, TOO_DEEP, TOO_LARGE; SECRET/NOT_FOUND for
 * an unknown `{{vault:NAME}}`; SECRET/PLACE_NOT_ALLOWED for a secret inside a name.
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
}

interface Output {
  readonly pieces: Piece[];
  fromAgent: boolean;
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
      return run.sealed ? addSealed(part.text, run, out) : addText(part.text, run, out);
    case 'sealed':
      return addPiece({ kind: 'inline', value: part.value }, part.value.length, run, out);
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
  return addPiece({ kind: 'derived', operation: part.operation, inputs: rendered }, 0, run, out);
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
  const problem = renderParts(name, { ...run, sealed: false }, named);
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
  return dynamic === undefined ? missingVariable(name, scope) : addText(dynamic, run, out);
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
  return addPiece({ kind: 'handle', id: info.id, name: info.name }, 0, run, out);
}

function missingVariable(name: string, scope: Scope): Failure {
  if (name.length > limits.variableNameChars) return failure('TEMPLATE/VARIABLE_MISSING', { name });
  const known = name.startsWith('$') ? [...scope.names(), ...dynamicNames] : scope.names();
  const nearest = nearestNames(name, known);
  return failure('TEMPLATE/VARIABLE_MISSING', { name, ...(nearest.length > 0 && { nearest: nearest.join(', ') }) });
}

function addSealed(text: string, run: Run, out: Output): Failure | undefined {
  for (const part of sealLiteral(text, out.pieces.length === 0)) {
    const problem =
      part.kind === 'text'
        ? addText(part.text, run, out)
        : addPiece({ kind: 'inline', value: part.value }, part.value.length, run, out);
    if (problem) return problem;
  }
  return undefined;
}

function addAgentText(text: string, run: Run, out: Output): Failure | undefined {
  const pieces = agentPieces(text, run.scope.captured);
  if (!pieces.ok) return pieces.failure;
  for (const piece of pieces.value) {
    const problem = piece.kind === 'text' ? addText(piece.text, run, out) : addPiece(piece, 0, run, out);
    if (problem) return problem;
  }
  return undefined;
}

function addText(text: string, run: Run, out: Output): Failure | undefined {
  if (text === '') return undefined;
  const last = out.pieces.at(-1);
  if (last?.kind !== 'text') return addPiece({ kind: 'text', text }, text.length, run, out);
  out.pieces.pop();
  return addPiece({ kind: 'text', text: last.text + text }, text.length, run, out);
}

/** What a secret takes beside its characters: computations over secrets multiply them. */
const PIECE_CHARS = 32;

function addPiece(piece: Piece, chars: number, { scope }: Run, out: Output): Failure | undefined {
  scope.spent.chars += piece.kind === 'text' ? chars : chars + PIECE_CHARS;
  if (scope.spent.chars > limits.renderedBytes) return tooLarge();
  out.pieces.push(piece);
  return undefined;
}

function tooLarge(): Failure {
  return failure('TEMPLATE/TOO_LARGE', { limitBytes: limits.renderedBytes });
}
