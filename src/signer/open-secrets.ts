import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { judgeParsed } from '../../shared/request/judge-parsed.ts';
import { otherMethods } from '../../shared/request/safe-request.ts';
import { derivedPieces, handlePlaces, secretPieces } from '../../shared/request/secret-pieces.ts';
import type { OpenSecret } from '../../shared/request/write-request.ts';
import { type SecretUse, tierOf } from '../../shared/secret/permits.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { LeafSecret, SecretPiece } from '../../shared/template/template.ts';
import type { SecretSource } from '../vault/resolve.ts';
import { derive } from './derive.ts';

export interface OpenedSecrets {
  readonly open: OpenSecret;
  readonly values: readonly KnownSecret[];
  readonly passing: boolean;
}

/**
 * Opens every secret that a plan would send. Failures: SECRET/ORIGIN_NOT_BOUND for an inline one where the files alone do not send it,
 * SECRET/NOT_FOUND for an empty one, those of judgeParsed, the vault's, and those of what is computed over them.
 */
export async function openSecrets(
  plan: Plan,
  tier: SecretTier,
  secrets: SecretSource,
  signal: AbortSignal,
): Promise<Result<OpenedSecrets>> {
  const pieces = secretPieces(plan);
  // Planning and admit have checked this; a plan that came another way must not open anything either.
  const judged = judgeParsed(plan);
  if (!judged.ok) return judged;
  if (pieces.some(({ kind }) => kind === 'inline') && plan.statedOrigin !== plan.url.origin) {
    return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret: 'A secret of the collection', origin: plan.url.origin }));
  }
  const handles = new Map<string, string>();
  const use: SecretUse = { origin: plan.url.origin, method: plan.method, otherMethods: otherMethods(plan), tier };
  let passing = false;
  for (const [id, places] of handlePlaces(plan)) {
    const info = secrets.describe(id, tierOf(use));
    if (!info.ok) return info;
    const resolved = await secrets.resolve(id, { ...use, places }, signal);
    if (!resolved.ok) return resolved;
    if (resolved.value === '') return err(failure('SECRET/NOT_FOUND', { name: info.value.name, nearest: 'none' }));
    passing ||= info.value.tier === 'writing';
    handles.set(id, resolved.value);
  }
  const openLeaf = (leaf: LeafSecret): string => {
    if (leaf.kind === 'inline') return reveal(leaf.value);
    const value = handles.get(leaf.id);
    if (value === undefined) throw new Error('A handle was written that was not resolved.');
    return value;
  };
  const derived = await derive(derivedPieces(plan), openLeaf, signal);
  if (!derived.ok) return derived;
  const { texts, known } = derived.value;
  const open = (piece: SecretPiece): string => {
    if (piece.kind !== 'derived') return openLeaf(piece);
    const text = texts.get(piece);
    if (text === undefined) throw new Error('A computation was written that was not evaluated.');
    return text;
  };
  const leaves = pieces.map((leaf) => knownLeaf(leaf, openLeaf(leaf)));
  return ok({ open, passing, values: [...leaves, ...known] });
}

/** A handle's value is a leaf where the vault says that it is bound: one that an answer gave out may begin as an agent chose. */
function knownLeaf(piece: LeafSecret, value: string): KnownSecret {
  return piece.kind === 'inline' ? { id: 'inline', value, leaf: true } : { id: piece.id, value };
}
