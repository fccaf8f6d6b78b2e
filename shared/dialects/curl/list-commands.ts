import { placeOf } from '../../collection/json-place.ts';
import type { RequestEntry } from '../../collection/model.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { methodAndPath } from '../method-and-path.ts';
import { readTags, type Tags } from './comment-tags.ts';
import { openTransfer } from './open-transfer.ts';
import { readArguments } from './read-arguments.ts';
import { assignmentsOf } from './read-variables.ts';
import type { ShellCommand } from './shell-commands.ts';
import { type Transfer, transfersOf } from './transfer.ts';
import { type Assigned, createAssigned, expandWhole } from './whole-arguments.ts';

const HARMLESS = new Set(['echo', 'printf', 'set', 'export', ':', 'true']);

/** Whether every pipe has a curl command in it; what prints or sets options does no harm beside them. */
export function areOnlyCurl(commands: readonly ShellCommand[]): boolean {
  const withCurl = new Set(commands.filter(isCurl).map(({ pipeline }) => pipeline));
  if (withCurl.size === 0) return false;
  return commands.every(({ words, pipeline }) => {
    const [name] = words;
    return name === undefined || withCurl.has(pipeline) || HARMLESS.has(name);
  });
}

function isCurl({ words }: ShellCommand): boolean {
  return /^(?:\S*[/\\])?curl(?:\.exe)?$/.test(words[0] ?? '');
}

/** Windows line breaks as one character, unless they are only in what is quoted. */
export function normalise(text: string): string {
  return /(?:^|[^\r])\n/.test(text) ? text : text.replaceAll('\r\n', '\n');
}

interface Listing {
  readonly requests: RequestEntry[];
  readonly problems: Failure[];
  /** Variables that hold a user, cookies or options, whatever their names say. */
  readonly credentials: Set<string>;
}

interface Reading extends Listing {
  readonly file: string;
  readonly text: string;
  readonly ordinal: (kind: string, name: string) => number;
  readonly assigned: Assigned;
  /** How many uses of an option are left until the file is too much. */
  uses: number;
  /** Whether there are more requests than are listed. */
  hasMore: boolean;
}

const OTHER = 'a command that is not curl is left out';
const NO_URL = 'a curl command has no URL';
const LONG_URL = `a URL of a curl command has more than ${limits.urlChars} characters`;
const DEEP = `a curl command stands in more than ${limits.itemDepth} folders`;

/** The requests of a file's commands in order, one for each URL, and what of the file is left out. */
export function listCommands(file: string, text: string, commands: readonly ShellCommand[]): Listing {
  const listing: Listing = { requests: [], problems: [], credentials: new Set() };
  const ordinal = createOrdinals();
  const reading: Reading = {
    ...listing,
    file,
    text,
    ordinal,
    assigned: createAssigned(),
    uses: limits.shellOptionUses,
    hasMore: false,
  };
  const withCurl = new Set(commands.filter(isCurl).map(({ pipeline }) => pipeline));
  for (const command of commands) {
    const [name] = command.words;
    for (const [variable, value] of assignmentsOf(command)) reading.assigned.assign(variable, value);
    if (isCurl(command)) listCommand(reading, command);
    else if (name !== undefined && !withCurl.has(command.pipeline) && !HARMLESS.has(name))
      report(reading, OTHER, command);
  }
  if (reading.hasMore) {
    const facts = { limit: listing.requests.length, what: `requests in ${file}` };
    listing.problems.push(failure('COLLECTION/TOO_MANY', facts, { file }));
  }
  return listing;
}

function report({ file, text, problems }: Reading, problem: string, { start }: ShellCommand): void {
  if (problems.length >= limits.fileProblems) return;
  problems.push(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...placeOf(text, start) }));
}

/** A comment costs as much as this many of its characters are options. */
const CHARS_PER_USE = 8;

function listCommand(reading: Reading, command: ShellCommand): void {
  const tags = readTags(command.comments);
  const chars = command.comments.reduce((sum, line) => sum + line.length, 0);
  if (tags.folders.length > limits.itemDepth) report(reading, DEEP, command);
  const key = tags.folders
    .slice(0, limits.itemDepth)
    .reduce((parent, folder) => childKey(parent, 'folder', folder, 0), reading.file);
  const operations = readArguments(command.words.slice(1));
  for (const stated of operations) {
    const { operation, credentials } = expandWhole(stated, reading.assigned);
    for (const name of credentials) reading.credentials.add(name);
    const cost = 1 + operation.options.length + Math.ceil(chars / CHARS_PER_USE);
    const room = limits.fileRequests - reading.requests.length;
    const most = Math.min(room, Math.max(1, Math.floor(reading.uses / cost)));
    const taken = operation.urls.slice(0, most);
    if (taken.some((url) => url.length > limits.urlChars)) report(reading, LONG_URL, command);
    reading.uses -= taken.length * cost;
    reading.hasMore ||= operation.urls.length > taken.length;
    for (const transfer of transfersOf({ ...operation, urls: taken }, command.stdin))
      reading.requests.push(createEntry(reading, { command, transfer, tags, key }));
  }
  if (operations.every(({ urls }) => urls.length === 0)) report(reading, NO_URL, command);
}

interface Listed {
  readonly command: ShellCommand;
  readonly transfer: Transfer;
  readonly tags: Tags;
  /** Of the folder that the request is in. */
  readonly key: string;
}

const PIPED = 'What the command is piped into is left out';

function createEntry({ file, ordinal }: Reading, { command, transfer: read, tags, key }: Listed): RequestEntry {
  const transfer = command.isPiped ? { ...read, notes: [...read.notes, PIPED] } : read;
  const { method, url, refusal } = transfer;
  const name = tags.name ?? methodAndPath(method, url);
  const { start } = command;
  return {
    id: stableId(name, 'request', childKey(key, 'request', name, ordinal(key, name))),
    name,
    folders: tags.folders.slice(0, limits.itemDepth),
    method,
    ...(refusal !== undefined && { notExecutable: refusal }),
    open: () => openTransfer(transfer, tags.description),
    locate: (fileText): SourceSpan => ({ file, ...placeOf(normalise(fileText), start) }),
  };
}
