import type { AuthTemplate, Field, RequestSettings, RequestTemplate } from '../../collection/model.ts';
import { plainTemplate } from '../../template/lex.ts';
import { readAnswerVariables } from './answer-variables.ts';
import { readAssertions } from './assertions.ts';
import { type AuthLevel, inheritAuth, readAuth } from './auth.ts';
import { type ReadBody, readBody } from './body.ts';
import { readExamples } from './examples.ts';
import { mergeHeaders } from './headers.ts';
import { mainBlockOf, methodOf } from './listing.ts';
import { noteLosses } from './notes.ts';
import { readScripts } from './scripts.ts';
import { readSettings } from './settings.ts';
import { type BruBlock, pairsOf, textOfBlock, valueIn } from './syntax.ts';
import { readUrl } from './url.ts';
import type { Values } from './values.ts';
import { readVariables } from './variables.ts';

/** A request file with what surrounds it. */
export interface Surroundings {
  /** The blocks of collection.bru; none where there is no such file. */
  readonly collection: readonly BruBlock[];
  /** Those of each folder's folder.bru, outermost first. */
  readonly folders: readonly (readonly BruBlock[])[];
  readonly values: Values;
  readonly isSequential: boolean;
  /** What holds for the whole collection. */
  readonly notes: readonly string[];
}

/** Builds the whole request; called each time it is wanted, so nothing of it stays in memory. */
export function openRequest(request: readonly BruBlock[], around: Surroundings): RequestTemplate {
  const { collection, folders, values } = around;
  const main = mainBlockOf(request);
  const block = main?.name ?? 'get';
  const levels = [collection, ...folders, request];
  const { method } = methodOf(request, main);
  const { url, hasUnsent } = readUrl(valueIn(request, block, 'url') ?? '', request, values);
  const read = readBody(request, block, values);
  const auth = authOf(request, valueIn(request, block, 'auth') ?? 'none', around);
  const notes = [
    ...noteLosses(levels, auth),
    ...(hasUnsent ? ['A parameter of params:query that the URL does not have is not sent'] : []),
    ...(read.isUnknown ? ['A body of a kind that is not known is left out'] : []),
    ...around.notes,
  ];
  const docs = textOfBlock(request, 'docs');
  return {
    ...(docs !== '' && { description: docs }),
    method,
    url,
    headers: fitContentType(headersOf(levels, block, values), read),
    body: read.body,
    auth,
    folderVariables: [...folders, request]
      .map((blocks) => readVariables(blocks, values))
      .filter((list) => list.length > 0)
      .reverse(),
    scripts: readScripts(scriptLevels(around, request), around.isSequential),
    settings: settingsOf(request, method, read),
    examples: readExamples(request, values),
    ...withAny('assertions', readAssertions(request, values)),
    ...withAny('answerVariables', readAnswerVariables(levels)),
    ...withAny('notes', notes),
  };
}

function authOf(request: readonly BruBlock[], mode: string, around: Surroundings): AuthTemplate {
  const { collection, folders, values } = around;
  if (mode !== 'inherit') return readAuth({ from: 'request', mode, blocks: request }, values);
  const outer: AuthLevel[] = [
    ...folders.map((blocks) => ({ from: 'folder' as const, mode: modeOf(blocks), blocks })).reverse(),
    { from: 'collection', mode: modeOf(collection), blocks: collection },
  ];
  return inheritAuth(outer, values);
}

function modeOf(blocks: readonly BruBlock[]): string {
  return valueIn(blocks, 'auth', 'mode') ?? '';
}

function withAny<Key extends string, T>(key: Key, list: readonly T[]): Partial<Record<Key, readonly T[]>> {
  const found: Partial<Record<Key, readonly T[]>> = {};
  if (list.length > 0) found[key] = list;
  return found;
}

function scriptLevels({ collection, folders }: Surroundings, request: readonly BruBlock[]) {
  return [
    { from: 'collection' as const, blocks: collection },
    ...folders.map((blocks) => ({ from: 'folder' as const, blocks })),
    { from: 'request' as const, blocks: request },
  ];
}

/** gRPC calls its headers metadata. */
function headersOf(levels: readonly (readonly BruBlock[])[], block: string, values: Values): Field[] {
  if (block !== 'grpc') return mergeHeaders(levels, values);
  const request = levels.at(-1) ?? [];
  const metadata: BruBlock = { kind: 'pairs', name: 'headers', at: 0, pairs: pairsOf(request, 'metadata') };
  return mergeHeaders([...levels.slice(0, -1), [metadata]], values);
}

function fitContentType(headers: readonly Field[], { ownType, defaultType }: ReadBody): readonly Field[] {
  const type = ownType ?? defaultType;
  if (type === undefined) return headers;
  const isType = ({ name, enabled }: Field): boolean =>
    enabled && name.length === 1 && name[0]?.kind === 'text' && name[0].text.toLowerCase() === 'content-type';
  if (ownType === undefined && headers.some(isType)) return headers;
  const added: Field = { name: plainTemplate('Content-Type'), value: plainTemplate(type), enabled: true };
  return [...headers.filter((header) => !isType(header)), added];
}

// Bruno sends the body that is chosen whatever the method is; Postman's runtime, after which plans are made, does not.
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'COPY', 'HEAD', 'PURGE', 'UNLOCK']);

function settingsOf(request: readonly BruBlock[], method: string, { body }: ReadBody): RequestSettings {
  const settings = readSettings(request);
  const isPruned = WITHOUT_BODY.has(method) && body.kind !== 'none';
  return isPruned ? { ...settings, disableBodyPruning: true } : settings;
}
