// Through a writer and back through the reader of what it wrote.
import { isDeepStrictEqual } from 'node:util';
import type { Collection, Environment, RequestTemplate } from '../../shared/collection/model.ts';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { postmanWriter } from '../../shared/dialects/postman/write.ts';
import type { Written } from '../../shared/dialects/writer.ts';
import { openCollection, type TakenSecret, takeSecrets } from '../../shared/export/take-secrets.ts';
import { meaningOf } from './postman-meaning.ts';

export interface RoundTrip {
  /** What the handles in the files stand for. */
  readonly secrets: readonly TakenSecret[];
  readonly written: Written;
  /** The same once more from what was written. */
  readonly again: Written;
  /** Requests that mean something else now, by their path. */
  readonly changed: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

export function roundTrip(collection: Collection, environments: readonly Environment[]): RoundTrip {
  const { source, secrets } = withoutSecrets(collection, environments);
  const written = postmanWriter.write(source);
  const copies = readFiles(postman, new Map(written.files.map(({ path, text }) => [path, text])));
  const [copy] = copies.collections;
  if (!copy) throw new Error('what was written is no collection');
  const sent = source.requests.filter(({ entry }) => entry.notExecutable === undefined);
  if (sent.length !== copy.requests.length) throw new Error(`${copy.requests.length} of ${sent.length} requests`);
  const changed = sent.flatMap(({ entry, template }, index) => {
    const path = [...entry.folders, entry.name].join(' / ');
    const lostAuth = written.losses.some((loss) => loss.request === path && loss.what.startsWith('The authentication'));
    const none: RequestTemplate['auth'] = { type: 'none', fields: {}, from: 'none' };
    const before = meaningOf(entry, lostAuth ? { ...template, auth: none } : template);
    const read = copy.requests[index];
    const after = read && meaningOf(read, read.open());
    return isDeepStrictEqual(before, after) ? [] : [{ path, before, after }];
  });
  const again = postmanWriter.write(withoutSecrets(copy, copies.environments).source);
  return { secrets, written, again, changed };
}

export function readFiles(dialect: Dialect, files: ReadonlyMap<string, string>): Documents {
  const reader = dialect.createReader();
  for (const [file, text] of files) {
    const look = lookAt(file, text);
    if (dialect.recognise(look)) reader.put(look);
  }
  return reader.documents();
}

function withoutSecrets(collection: Collection, environments: readonly Environment[]) {
  const { writable, secrets } = takeSecrets([openCollection(collection, environments)]);
  const [source] = writable;
  if (!source) throw new Error('nothing to write');
  return { source, secrets };
}
