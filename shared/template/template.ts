import type { DerivedOperation } from '../script/derived.ts';
import type { Sealed } from '../secret/seal.ts';

/**
 * A lexed text with `{{name}}` references. A name is itself a template because Postman nests them: `{{a_{{b}}}}`.
 * In sensitive places the literal parts are sealed, so a template never prints a secret.
 */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sealed'; readonly value: Sealed }
  /** `sealed`: it stands in a sensitive place, so that whatever the files put there is a secret. */
  | { readonly kind: 'reference'; readonly name: Template; readonly sealed?: true }
  /**
   * A dialect's own way to name a secret (`process.env.TOKEN`, `vars:secret`, `_.vault.token`): the first of the names that the
   * vault knows. `otherwise` is what the files themselves have for it, its literal parts sealed.
   */
  | { readonly kind: 'handle'; readonly names: readonly [string, ...string[]]; readonly otherwise?: Template }
  /** What an answer gave out, put there by a script: the NAME of `{{captured:NAME}}`. */
  | { readonly kind: 'captured'; readonly name: string }
  /** What a script computes over secrets; its value is made by the signer. */
  | { readonly kind: 'derived'; readonly operation: DerivedOperation; readonly inputs: readonly Template[] }
  /** What a dialect computes in a way that is not done here; rendering fails with `problem`, a fixed sentence. */
  | { readonly kind: 'unsupported'; readonly text: string; readonly problem: string };

export type Template = readonly TemplatePart[];

/** A rendered text: plain pieces and secrets that only the signer resolves. Concatenation of its pieces is the value. */
export type Piece =
  /** `claim` names the variable whose text, the caller's own, this is. */
  | { readonly kind: 'text'; readonly text: string; readonly claim?: string }
  | { readonly kind: 'inline'; readonly value: Sealed; readonly inside?: 'json-string' }
  /** `inside` says what the opened value must be escaped for. */
  | { readonly kind: 'handle'; readonly id: string; readonly name: string; readonly inside?: 'json-string' | 'form' }
  | DerivedPiece;

/** A computation over what is in its inputs, and as secret as that. */
export interface DerivedPiece {
  readonly kind: 'derived';
  readonly operation: DerivedOperation;
  readonly inputs: readonly Rendered[];
  readonly inside?: 'json-string' | 'form';
}

export type Rendered = readonly Piece[];
export type SecretPiece = Exclude<Piece, { kind: 'text' }>;
/** A secret that stands by itself: what there is to bind, to judge and to resolve. */
export type LeafSecret = Exclude<SecretPiece, DerivedPiece>;
