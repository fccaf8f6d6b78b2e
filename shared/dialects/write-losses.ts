import type { Field, RequestTemplate } from '../collection/model.ts';
import type { Template } from '../template/template.ts';
import type { Loss, WritableCollection, WritableRequest } from './writer.ts';

/** Notes what a format has no place for, each once for a request. */
export interface Losses {
  readonly losses: Loss[];
  lose(what: string, request?: string): void;
}

export function createLosses(): Losses {
  const losses: Loss[] = [];
  const seen = new Set<string>();
  return {
    losses,
    lose(what, request) {
      const key = `${request ?? ''}\n${what}`;
      if (seen.has(key)) return;
      seen.add(key);
      losses.push({ ...(request !== undefined && { request }), what });
    },
  };
}

/** `Folder / Request`, as a loss names it. */
export function requestPath({ entry }: WritableRequest): string {
  return [...entry.folders, entry.name].join(' / ');
}

/** What formats of plain text have no place for. */
export function losePlain({ entry, template }: WritableRequest, lose: (what: string) => void): void {
  if (template.scripts.length > 0) lose('Scripts are left out.');
  if ((template.assertions ?? []).length > 0) lose('Assertions are left out.');
  if (template.answerVariables) lose('Variables that are set from the answer are left out.');
  if (template.examples.length > 0) lose('Examples are left out.');
  if ((entry.tags ?? []).length > 0) lose('Tags are left out.');
  if (template.folderVariables.some((list) => list.length > 0)) {
    lose('Variables of the request and its folders are left out.');
  }
  if (fieldsOf(template).some(({ enabled }) => !enabled)) lose('Disabled headers, parameters and fields are left out.');
  if (fieldsOf(template).some(({ description }) => description !== undefined)) {
    lose('Descriptions of headers, parameters and fields are left out.');
  }
  if (templatesOf(template).some(isComputed)) lose('A value that another client computes is written as it stands.');
}

/** What of the collection as a whole has no place in a text of requests. */
export function losePlainCollection({ variables }: WritableCollection, lose: (what: string) => void): void {
  if (variables.some(({ enabled }) => !enabled)) lose('Disabled variables are left out.');
  if (variables.some(({ description }) => description !== undefined)) lose('Descriptions of variables are left out.');
}

type Described = Pick<Field, 'enabled'> & { readonly description?: string };

function fieldsOf({ url, headers, body }: RequestTemplate): readonly Described[] {
  const inBody = body.kind === 'urlencoded' ? body.fields : body.kind === 'multipart' ? body.parts : [];
  return [...headers, ...url.query, ...url.pathVariables, ...inBody];
}

function templatesOf({ url, headers, body }: RequestTemplate): readonly Template[] {
  return [
    url.address,
    ...url.query.map(({ value }) => value ?? []),
    ...headers.map(({ value }) => value),
    ...(body.kind === 'raw' ? [body.text] : []),
  ];
}

function isComputed(template: Template): boolean {
  return template.some(({ kind }) => kind === 'unsupported');
}
