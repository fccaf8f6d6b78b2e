// Which secrets a template or a plan refers to, by what may be shown of them.
import { isSafeRequest } from '../../shared/request/safe-request.ts';
import { secretPieces } from '../../shared/request/secret-pieces.ts';
import { CAPTURED_PREFIX } from '../../shared/secret/captured-name.ts';
import type { HandleLookup, SecretRef } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { VAULT_PREFIX } from '../../shared/template/render.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';
import type { HandleDirectory } from './ports.ts';

/** The secrets that stand in a template, each once; a handle that the vault does not know has its name for an id. */
export function secretRefs(template: Template, handles: HandleLookup): readonly SecretRef[] {
  const parts = template.flatMap((part) => usedParts(part, handles));
  const refs: SecretRef[] = handleNames(parts).map((name) => handleRef(name, handles));
  return parts.some(({ kind }) => kind === 'sealed' || kind === 'derived') ? [{ kind: 'inline' }, ...refs] : refs;
}

/** Of a dialect's own name for a secret what rendering would take. */
function usedParts(part: TemplatePart, handles: HandleLookup): Template {
  if (part.kind !== 'handle') return [part];
  const known = part.names.find((name) => handles(name) !== undefined);
  if (known !== undefined) return [{ kind: 'handle', names: [known] }];
  return part.otherwise ?? [part];
}

/** Names of the handles that a template refers to, each once; names made of variables are left out. */
export function handleNames(template: Template): readonly string[] {
  return [...new Set(template.flatMap(handleNamesOf))];
}

function handleNamesOf(part: TemplatePart): readonly string[] {
  if (part.kind === 'handle') return [part.names[0]];
  if (part.kind === 'captured') return [`${CAPTURED_PREFIX}${part.name}`];
  if (part.kind !== 'reference') return [];
  const [only, ...rest] = part.name;
  if (only?.kind !== 'text' || rest.length > 0) return [];
  return only.text.startsWith(VAULT_PREFIX) ? [only.text.slice(VAULT_PREFIX.length)] : [];
}

function handleRef(name: string, handles: HandleLookup): SecretRef {
  const info = handles(name);
  if (info === undefined) return { kind: 'handle', id: name };
  return { kind: 'handle', id: info.id, label: info.label ?? info.name };
}

export interface PlanSecrets {
  /** Each credential once, in order of first use. */
  readonly handles: readonly PlanCredential[];
  /** Whether a secret that stands in a file is sent. */
  readonly inline: boolean;
}

export interface PlanCredential {
  readonly id: string;
  /** `NAME`, or `NAME (writing)` for the writing credential of that name. */
  readonly name: string;
  /** When it was last set, in milliseconds since the epoch; absent where the vault does not tell. */
  readonly updatedAt?: number;
}

/** The secrets that a planned request sends: a request that may change data takes the writing credential of a name that has one. */
export function planSecrets(plan: Plan, directory: Pick<HandleDirectory, 'find'>): PlanSecrets {
  const pieces = secretPieces(plan);
  const writes = !isSafeRequest(plan);
  const handles = new Map<string, PlanCredential>();
  for (const piece of pieces) {
    if (piece.kind === 'handle' && !handles.has(piece.id)) {
      handles.set(piece.id, credentialOf(piece, writes, directory));
    }
  }
  return { handles: [...handles.values()], inline: pieces.some(({ kind }) => kind === 'inline') };
}

function credentialOf(
  { id, name }: { readonly id: string; readonly name: string },
  writes: boolean,
  directory: Pick<HandleDirectory, 'find'>,
): PlanCredential {
  const find = (ref: string) => {
    const found = directory.find(ref);
    return found.ok ? found.value : undefined;
  };
  const named = find(id);
  const used = writes && named?.writingId !== undefined ? find(named.writingId) : named;
  if (!used) return { id, name };
  return { id: used.id, name: used.tier === 'writing' ? `${name} (writing)` : name, updatedAt: used.updatedAt };
}
