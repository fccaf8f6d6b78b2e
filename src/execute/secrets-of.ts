// Which secrets a template or a plan refers to, by what may be shown of them.
import { secretPieces } from '../../shared/request/secret-pieces.ts';
import type { HandleLookup, SecretRef } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { VAULT_PREFIX } from '../../shared/template/render.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';

/** The secrets that stand in a template, each once; a handle that the vault does not know has its name for an id. */
export function secretRefs(template: Template, handles: HandleLookup): readonly SecretRef[] {
  const parts = template.flatMap((part) => usedParts(part, handles));
  const refs: SecretRef[] = handleNames(parts).map((name) => handleRef(name, handles));
  return parts.some((part) => part.kind === 'sealed') ? [{ kind: 'inline' }, ...refs] : refs;
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
  const names = template.flatMap((part) => {
    if (part.kind === 'handle') return [part.names[0]];
    if (part.kind !== 'reference') return [];
    const [only, ...rest] = part.name;
    if (only?.kind !== 'text' || rest.length > 0) return [];
    return only.text.startsWith(VAULT_PREFIX) ? [only.text.slice(VAULT_PREFIX.length)] : [];
  });
  return [...new Set(names)];
}

function handleRef(name: string, handles: HandleLookup): SecretRef {
  const info = handles(name);
  if (info === undefined) return { kind: 'handle', id: name };
  return { kind: 'handle', id: info.id, label: info.label ?? info.name };
}

export interface PlanSecrets {
  /** Each handle once, in order of first use. */
  readonly handles: readonly { readonly id: string; readonly name: string }[];
  /** Whether a secret that stands in a file is sent. */
  readonly inline: boolean;
}

/** The secrets that a planned request sends. */
export function planSecrets(plan: Plan): PlanSecrets {
  const handles = new Map<string, string>();
  let inline = false;
  for (const piece of secretPieces(plan)) {
    if (piece.kind === 'handle') handles.set(piece.id, piece.name);
    else inline = true;
  }
  return { handles: [...handles].map(([id, name]) => ({ id, name })), inline };
}
