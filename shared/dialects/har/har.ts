// HTTP Archive 1.2 (w3c.github.io/web-performance/specs/HAR/Overview.html), and its request object alone, as tools that
// make code of requests store it. What a HAR holds is somebody's real traffic, so every credential in it is sealed.

import type { Collection } from '../../collection/model.ts';
import { descriptionOf, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { readJson } from '../../collection/read-json.ts';
import { createReopen } from '../../collection/reopen.ts';
import { stableId } from '../../collection/stable-id.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import { fileName, type Look } from '../look.ts';
import { looksLikeHar } from './probe.ts';
import { listEntries } from './walk-entries.ts';

export const har: Dialect = {
  name: 'har',
  recognise: looksLikeHar,
  createReader: () => createFileReader(parseHar),
};

function parseHar({ text, file }: Look): Result<FileDocument | undefined> {
  const parsed = readJson(text, file);
  if (!parsed.ok) return parsed;
  const root = objectOr(parsed.value);
  if (Array.isArray(objectOr(root.log).entries)) {
    return ok({ collections: [readLog(objectOr(root.log), { text, file, path: ['log', 'entries'] })] });
  }
  if (typeof root.method === 'string' && typeof root.url === 'string') {
    return ok({ collections: [readLone(root, { text, file, path: [] })] });
  }
  if (!/\.har$/i.test(file)) return ok(undefined);
  return err(
    failure('COLLECTION/MALFORMED', { file, problem: 'it has no log with a list of entries' }, { file, line: 1 }),
  );
}

interface Source {
  readonly text: string;
  readonly file: string;
  readonly path: readonly string[];
}

function readLog(log: JsonObject, { text, file, path }: Source): Collection {
  const reopen = createReopen((): JsonObject => {
    const again: unknown = JSON.parse(text);
    return objectOr(objectOr(again).log);
  });
  const entryAt = (index: number) => objectOr(listOr(reopen().entries)[index]);
  const version = textOf(log.version);
  return {
    ...named(file),
    format: `har-${/^1\.\d$/.test(version) ? version : '1.2'}`,
    ...descriptionOf(log.comment),
    ...listEntries({ file, text, entries: listOr(log.entries), pages: listOr(log.pages), path, entryAt }),
  };
}

/** A request object without a log around it is an entry of its own. */
function readLone(request: JsonObject, { text, file, path }: Source): Collection {
  const reopen = createReopen((): JsonObject => {
    const again: unknown = JSON.parse(text);
    return { request: again };
  });
  const entries = [{ request }];
  return {
    ...named(file),
    format: 'har-request',
    ...listEntries({ file, text, entries, pages: [], path, entryAt: () => reopen() }),
  };
}

function named(file: string): Pick<Collection, 'id' | 'name' | 'dialect' | 'file' | 'variables'> {
  const name = fileName(file)
    .replace(/\.json$/i, '')
    .replace(/\.har$/i, '');
  return { id: stableId(name, 'har', file), name, dialect: 'har', file, variables: () => [] };
}
