// `.http` and `.rest` files as JetBrains' HTTP Client, VS Code's REST Client and Visual Studio read them, with the environments
// of http-client.env.json. Each file is a collection.
import { placeOf } from '../../collection/json-place.ts';
import type { Collection, RequestEntry, Variable } from '../../collection/model.ts';
import { sealPlain, sealVariable } from '../../collection/seal-literals.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { isSensitiveName } from '../../redact/names.ts';
import type { Dialect, Documents } from '../dialect.ts';
import { createFolderReader, type Piece } from '../folder-reader.ts';
import { fileName, folderOf, type Look } from '../look.ts';
import { methodAndPath } from '../method-and-path.ts';
import { type Block, blocksOf } from './blocks.ts';
import { type EnvironmentFile, mergeEnvironments, readEnvironmentFile } from './environments.ts';
import { giveMeaning } from './meaning.ts';
import { methodOf, openRequest } from './open-request.ts';
import { type Head, readHead } from './read-head.ts';
import { readHeaderLines } from './read-headers.ts';
import { whyNotExecuted } from './refusals.ts';

type Content =
  | { readonly kind: 'requests'; readonly collection: Collection }
  | { readonly kind: 'environments'; readonly environments: EnvironmentFile };

const REQUESTS = /\.(?:http|rest)$/i;
const ENVIRONMENTS = /^http-client\.(?:private\.)?env\.json(?:\.user)?$/i;

export const httpFile: Dialect = {
  name: 'http-file',
  recognise: ({ file }) => REQUESTS.test(file) || ENVIRONMENTS.test(fileName(file)),
  createReader: () =>
    createFolderReader<Content>({
      read,
      // The environments nearest to a file are the ones that count for it, as in Visual Studio.
      rootMarkedBy: ({ file, content }) => (content.kind === 'environments' ? folderOf(file) : undefined),
      rootWithout: ({ file }) => file,
      assemble,
    }),
};

function read(look: Look): Result<Content | undefined> {
  if (!REQUESTS.test(look.file)) {
    const environments = readEnvironmentFile(look);
    return environments.ok ? ok({ kind: 'environments', environments: environments.value }) : environments;
  }
  return ok({ kind: 'requests', collection: readCollection(look) });
}

function assemble(root: string, pieces: readonly Piece<Content>[]): Documents {
  const collections = pieces.flatMap(({ content }) => (content.kind === 'requests' ? [content.collection] : []));
  const files = pieces.flatMap(({ file, content }) =>
    content.kind === 'environments' ? [{ file, content: content.environments }] : [],
  );
  const ids = collections.map(({ id }) => id);
  return { collections, ...mergeEnvironments(root, files, ids) };
}

function readCollection({ file, text: written }: Look): Collection {
  const text = normalise(written);
  const { requests, problems, variables } = listRequests(file, text);
  const name = fileName(file).replace(REQUESTS, '') || fileName(file);
  return {
    id: stableId(name, 'http-file', file),
    name,
    dialect: 'http-file',
    format: 'http-file',
    file,
    requests,
    problems,
    variables: () => variables.map(toVariable),
  };
}

/** Line breaks as one character, so that places in the text are those of the file by line and column. */
function normalise(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

function toVariable([name, value]: readonly [string, string]): Variable {
  const secret = isSensitiveName(name);
  return {
    name,
    value: giveMeaning(secret ? sealVariable(value, 'named') : sealPlain(value)),
    enabled: true,
    secret,
  };
}

interface Listing {
  readonly requests: RequestEntry[];
  readonly problems: Failure[];
  readonly variables: (readonly [name: string, value: string])[];
}

const STRAY = 'a line before a request is neither a request line, a comment nor a variable';
const TOO_LONG = `a request line has more than ${limits.urlChars} characters`;

function listRequests(file: string, text: string): Listing {
  const listing: Listing = { requests: [], problems: [], variables: [] };
  const ordinal = createOrdinals();
  const report = (problem: string, at: number): void => {
    if (listing.problems.length >= limits.fileProblems) return;
    const where = { file, ...placeOf(text, at) };
    listing.problems.push(failure('COLLECTION/MALFORMED', { file, problem }, where));
  };
  for (const block of blocksOf(text)) {
    const head = readHead(text, block);
    for (const variable of head.variables) listing.variables.push(variable);
    if (head.stray !== undefined) report(STRAY, head.stray);
    if (head.request && listing.requests.length >= limits.fileRequests) {
      const what = `requests in ${file}`;
      listing.problems.push(failure('COLLECTION/TOO_MANY', { limit: limits.fileRequests, what }, { file }));
      break;
    }
    if (head.request?.tooLong) report(TOO_LONG, head.request.start);
    else if (head.request) listing.requests.push(createEntry({ file, text, block, head, ordinal }));
  }
  return listing;
}

interface Listed {
  readonly file: string;
  readonly text: string;
  readonly block: Block;
  readonly head: Head;
  readonly ordinal: (kind: string, name: string) => number;
}

function createEntry({ file, text, block, head, ordinal }: Listed): RequestEntry {
  const { method: stated = 'GET', url = '', start = block.start, headers = block.end } = head.request ?? {};
  const method = methodOf(stated, url);
  const name = head.tags.get('name') || block.title || methodAndPath(method, url);
  const reason = whyNotExecuted(method, head, readHeaderLines(text, headers, block.end));
  return {
    id: stableId(name, 'request', childKey(file, 'request', name, ordinal('request', name))),
    name,
    folders: [],
    method,
    ...(reason !== undefined && { notExecutable: reason }),
    open: () => openRequest(text, block),
    locate: (fileText): SourceSpan => ({ file, ...placeOf(normalise(fileText), start) }),
  };
}
