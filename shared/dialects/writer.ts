// What a collection is written from when it is exported, and what comes of it.
import type { Environment, RequestEntry, RequestTemplate, Variable } from '../collection/model.ts';

export const exportFormats = ['postman', 'opencollection', 'bruno', 'insomnia', 'curl', 'http'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * A collection whose every secret is a handle: no template in it has a sealed part, so that templateText writes each as its
 * format-neutral text, `{{vault:NAME}}` for a handle. What `auth.from` calls the collection's is the same for all requests.
 */
export interface WritableCollection {
  readonly name: string;
  readonly description?: string;
  readonly variables: readonly Variable[];
  readonly requests: readonly WritableRequest[];
  /** Those that belong to the collection or were chosen for it. */
  readonly environments: readonly Environment[];
}

export interface WritableRequest {
  readonly entry: Pick<RequestEntry, 'name' | 'folders' | 'method' | 'tags' | 'notExecutable'>;
  readonly template: RequestTemplate;
}

/** Files to write, by path relative to the target, and what the format has no place for. */
export interface Written {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly losses: readonly Loss[];
}

export interface Loss {
  /** `Folder / Request`; absent: the collection as a whole. */
  readonly request?: string;
  /** A sentence that names what is left out, never a value. */
  readonly what: string;
}

export interface Writer {
  readonly format: ExportFormat;
  write(source: WritableCollection): Written;
}
