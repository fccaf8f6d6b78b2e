// The operations of a document, each cheap until it is opened. Nothing inside an operation is resolved here.
import type { RequestEntry } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { childKey, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { createLocator, majorOf, type OpenapiDocument, type Place } from './document.ts';
import { type OperationPlace, openOperation } from './open-operation.ts';
import { operationsOf } from './operations-of.ts';
import { resolveReference } from './references.ts';

export interface ListInput {
  readonly document: OpenapiDocument;
  readonly text: string;
  readonly file: string;
  /** The document once more, for opening requests: no entry holds on to a part of the first one. */
  readonly reopen: () => OpenapiDocument;
}

interface Listing extends ListInput {
  readonly requests: RequestEntry[];
  readonly report: (problem: string, place: Place) => void;
  full: boolean;
}

/** More than these are no API: references can multiply the callbacks of a small file. */
const MAX_OPERATIONS = 50_000;

const WEBHOOK = 'webhooks are sent by the API, not to it';
const CALLBACK = 'callbacks are sent by the API, not to it';

/** The operations in file order, and what could not be read: the first limits.fileProblems with their places, the others counted. */
export function listOperations(input: ListInput): { readonly requests: RequestEntry[]; readonly problems: Failure[] } {
  const { file, text, document } = input;
  const places: [problem: string, place: Place][] = [];
  let more = 0;
  const listing: Listing = {
    ...input,
    requests: [],
    full: false,
    report(problem, place) {
      if (places.length >= limits.fileProblems) more += 1;
      else places.push([problem, place]);
    },
  };
  listItems(listing, 'paths');
  if (majorOf(document) === 3) listItems(listing, 'webhooks');
  const locate = places.length > 0 ? createLocator(text) : () => undefined;
  const problems = places.map(([problem, place]) =>
    failure('COLLECTION/MALFORMED', { file, problem }, { file, ...locate(place) }),
  );
  const rest = failure('COLLECTION/MALFORMED', { file, problem: `and ${more} more problems` }, { file });
  return { requests: listing.requests, problems: more > 0 ? [...problems, rest] : problems };
}

function listItems(listing: Listing, section: 'paths' | 'webhooks'): void {
  const { root } = listing.document;
  const items = root[section];
  if (items === undefined || items === null) return;
  if (!isObject(items)) {
    listing.report(`"${section}" is not an object`, [section]);
    return;
  }
  for (const name of Object.keys(items)) {
    if (!name.startsWith('x-')) listItem(listing, { section, name }, items[name]);
  }
}

type ItemPlace = Pick<OperationPlace, 'section' | 'name' | 'callback'>;

function listItem(listing: Listing, at: ItemPlace, stated: unknown): void {
  const place = placeOf(at);
  const resolved = resolveReference(listing.document, stated);
  if (!resolved.ok) {
    const where = resolved.why === 'elsewhere' ? 'stand in another file, which is not read' : 'cannot be found';
    listing.report(`the operations of a path ${where}`, place);
  } else if (isObject(resolved.value)) {
    for (const { method, operation } of operationsOf(resolved.value))
      listOperation(listing, { ...at, method }, operation);
  } else if (resolved.value !== null) {
    listing.report('a path is not an object', place);
  }
}

function listOperation(listing: Listing, at: OperationPlace, stated: unknown): void {
  if (listing.full) return;
  if (listing.requests.length >= MAX_OPERATIONS) {
    listing.full = true;
    listing.report(`it has more than ${MAX_OPERATIONS} operations; the first of them are served`, []);
    return;
  }
  const resolved = resolveReference(listing.document, stated);
  const operation = resolved.ok ? resolved.value : {};
  if (!isObject(operation)) {
    listing.report('an operation is not an object', [...placeOf(at), at.method.toLowerCase()]);
    return;
  }
  listing.requests.push(createEntry(listing, at, operation));
  if (!at.callback) listCallbacks(listing, at, operation.callbacks);
}

function listCallbacks(listing: Listing, at: OperationPlace, callbacks: unknown): void {
  const stated = objectOr(callbacks);
  for (const name of Object.keys(stated)) {
    const resolved = resolveReference(listing.document, stated[name]);
    const expressions = resolved.ok ? objectOr(resolved.value) : {};
    for (const expression of Object.keys(expressions)) {
      if (expression.startsWith('x-') || listing.full) continue;
      listItem(listing, { ...at, callback: { of: at.method, name, expression } }, expressions[expression]);
    }
  }
}

function createEntry({ file, reopen }: Listing, at: OperationPlace, operation: JsonObject): RequestEntry {
  const name = nameOf(at, operation);
  const tags = listOr(operation.tags).flatMap((tag) => (typeof tag === 'string' && tag !== '' ? [tag] : []));
  const folder = tags[0];
  return {
    id: stableId(name, 'request', keyOf(file, at)),
    name,
    folders: folder === undefined ? [] : [folder],
    method: at.method,
    ...(tags.length > 0 && { tags }),
    ...(at.section === 'webhooks' && { notExecutable: WEBHOOK }),
    ...(at.callback && { notExecutable: CALLBACK }),
    open: () => openOperation(reopen(), at),
    locate: (fileText): SourceSpan => ({ file, ...locateOperation(fileText, at) }),
  };
}

/** The operationId is what people and generated clients call it, and it is unique in its document; summaries repeat. */
function nameOf({ method, name, callback }: OperationPlace, operation: JsonObject): string {
  const stated = textOf(operation.operationId).trim() || textOf(operation.summary).trim();
  // What stands behind a question mark can hold a secret.
  return stated || `${method} ${callback?.expression ?? name.split('?', 1)[0]}`;
}

function keyOf(file: string, { section, name, method, callback }: OperationPlace): string {
  if (!callback) return childKey(file, section, `${method} ${name}`, 0);
  const operation = childKey(file, section, `${callback.of} ${name}`, 0);
  return childKey(
    childKey(operation, 'callback', callback.name, 0),
    'operation',
    `${method} ${callback.expression}`,
    0,
  );
}

/** The operation, or what refers to it. */
function locateOperation(fileText: string, at: OperationPlace) {
  const locate = createLocator(fileText);
  const item = placeOf(at);
  const [method, upper] = [at.method.toLowerCase(), at.method];
  return (
    locate([...item, method]) ??
    locate([...item, 'additionalOperations', upper]) ??
    locate(item) ??
    locate([at.section, at.name])
  );
}

function placeOf({ section, name, callback }: ItemPlace): string[] {
  const item = [section, name];
  return callback ? [...item, callback.of.toLowerCase(), 'callbacks', callback.name, callback.expression] : item;
}
