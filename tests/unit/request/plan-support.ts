import type {
  AuthTemplate,
  BodyTemplate,
  Field,
  QueryField,
  RequestSettings,
  RequestTemplate,
} from '../../../shared/collection/model.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, type Result } from '../../../shared/failure/result.ts';
import { type PlanInput, planRequest } from '../../../shared/request/plan-request.ts';
import type { OpenSecret } from '../../../shared/request/write-request.ts';
import { reveal } from '../../../shared/secret/reveal.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { lookupIn, type VariableRow, variables } from '../template/scope-of.ts';

export type FieldRow = readonly [name: string, value: string, flags?: string];

/** A request in short: texts are lexed; a field flagged `sealed` is a secret, one flagged `off` is disabled. */
export interface RequestSketch {
  readonly method?: string;
  readonly address?: string;
  readonly query?: readonly (readonly [name: string | null, value: string | null, flags?: string])[];
  readonly pathVariables?: readonly FieldRow[];
  readonly headers?: readonly FieldRow[];
  readonly body?: BodyTemplate;
  readonly auth?: AuthTemplate;
  readonly settings?: RequestSettings;
  readonly environment?: readonly VariableRow[];
  readonly collection?: readonly VariableRow[];
  readonly handles?: readonly HandleInfo[];
  readonly captured?: NonNullable<PlanInput['captured']>;
  readonly claims?: NonNullable<PlanInput['claims']>;
  readonly written?: NonNullable<PlanInput['written']>;
  readonly statedOrigins?: NonNullable<PlanInput['statedOrigins']>;
  readonly overrides?: PlanInput['overrides'];
  readonly agentHeaders?: readonly string[];
  readonly readAttachment?: PlanInput['readAttachment'];
  /** What scripts make of the request. */
  readonly change?: (template: RequestTemplate) => RequestTemplate;
}

export function field([name, value, flags = '']: FieldRow): Field {
  const sealed = flags.includes('sealed');
  return {
    name: lexTemplate(name),
    value: sealed ? lexSealed(value) : lexTemplate(value),
    enabled: !flags.includes('off'),
  };
}

function queryField([name, value, flags = '']: readonly [string | null, string | null, string?]): QueryField {
  const read = field([name ?? '', value ?? '', flags]);
  return { ...read, name: name === null ? null : read.name, value: value === null ? null : read.value };
}

export function requestOf(sketch: RequestSketch): RequestTemplate {
  return {
    method: sketch.method ?? 'GET',
    url: {
      address: lexTemplate(sketch.address ?? 'https://api.example.com/a'),
      query: (sketch.query ?? []).map(queryField),
      pathVariables: (sketch.pathVariables ?? []).map(field),
    },
    headers: (sketch.headers ?? []).map(field),
    body: sketch.body ?? { kind: 'none' },
    auth: sketch.auth ?? { type: 'none', fields: {}, from: 'none' },
    folderVariables: [],
    scripts: [],
    settings: sketch.settings ?? {},
    examples: [],
  };
}

export function planOf(sketch: RequestSketch): Result<Plan> {
  const stated = requestOf(sketch);
  const template = sketch.change ? sketch.change(stated) : stated;
  const entry = {
    id: 'req_1',
    name: 'Request',
    folders: [],
    method: template.method,
    open: () => template,
    locate: () => ({ file: 'c.json' }),
  };
  const collection = {
    id: 'col_1',
    name: 'Collection',
    dialect: 'postman' as const,
    format: 'postman-2.1',
    file: 'c.json',
    requests: [entry],
    problems: [],
    variables: () => variables(sketch.collection),
  };
  const environment = { id: 'env_1', name: 'Environment', kind: 'environment', file: 'e.json' } as const;
  return planRequest({
    found: { collection, entry, template },
    environment: { ...environment, variables: variables(sketch.environment) },
    globals: [],
    handles: lookupIn(sketch.handles ?? []),
    overrides: sketch.overrides ?? {},
    ...(sketch.agentHeaders && { agentHeaders: sketch.agentHeaders }),
    ...(sketch.captured && { captured: sketch.captured }),
    ...(sketch.claims && { claims: sketch.claims }),
    ...(sketch.written && { written: sketch.written }),
    ...(sketch.statedOrigins && { statedOrigins: sketch.statedOrigins }),
    dynamic: (name) => (name === '$guid' ? 'GUID' : undefined),
    readAttachment:
      sketch.readAttachment ?? ((file) => err(failure('REQUEST/FILE_UNAVAILABLE', { file, problem: 'none' }))),
  });
}

/** The plan, where the test is not about failing. */
export function planned(sketch: RequestSketch): Plan {
  const plan = planOf(sketch);
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure));
  return plan.value;
}

export function failureOf(result: Result<unknown>): string {
  return result.ok ? 'no failure' : result.failure.code;
}

/** Opens inline secrets as they are, handles as `value of NAME` unless given, computations as the name of their operation. */
export function opener(values: Readonly<Record<string, string>> = {}): OpenSecret {
  return (piece) => {
    if (piece.kind === 'inline') return reveal(piece.value);
    return piece.kind === 'handle'
      ? (values[piece.name] ?? `value of ${piece.name}`)
      : `value of ${piece.operation.name}`;
  };
}
