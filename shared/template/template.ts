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
  /** What a dialect computes in a way that is not done here; rendering fails with `problem`, a fixed sentence. */
  | { readonly kind: 'unsupported'; readonly text: string; readonly problem: string };

export type Template = readonly TemplatePart[];

/** A rendered text: plain pieces and secrets that only the signer resolves. Concatenation of its pieces is the value. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'inline'; readonly value: Sealed; readonly inside?: 'json-string' }
  /** `inside` says what the opened value must be escaped for. */
  | { readonly kind: 'handle'; readonly id: string; readonly name: string; readonly inside?: 'json-string' | 'form' };

export type Rendered = readonly Piece[];
export type SecretPiece = Exclude<Piece, { kind: 'text' }>;
