// Files of curl commands, as people keep and browsers copy them. A script that does other things too is not one of them,
// unless it is named `.curl`.
import { placeOf } from '../../collection/json-place.ts';
import type { Collection, RequestEntry, Variable } from '../../collection/model.ts';
import { sealVariable } from '../../collection/seal-literals.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import { fileName, type Look } from '../look.ts';
import { methodAndPath } from '../method-and-path.ts';
import { maskReferences } from '../outside-references.ts';
import { readTags } from './comment-tags.ts';
import { giveMeaning, openTransfer } from './open-transfer.ts';
import { readArguments } from './read-arguments.ts';
import { readCommands, type ShellCommand, type ShellScript } from './shell-commands.ts';
import { isConsistent, isOn, methodOf, type Transfer, transfersOf } from './transfer.ts';

export const curl: Dialect = {
  name: 'curl',
  recognise: ({ file, text }) => isNamedCurl(file) || (/\.(?:sh|bash)$/i.test(file) && hasCurlLine(text)),
  createReader: () => createFileReader(parseCurl),
};

// A command can stand behind an assignment or a pipe, and behind the prompt of a documentation.
const CURL_LINE = /(?:^|[;|&])[ \t]{0,40}(?:\$ )?curl(?:\.exe)?[ \t]/m;

function hasCurlLine(text: string): boolean {
  return text.length <= limits.shellChars && CURL_LINE.test(text);
}

function isNamedCurl(file: string): boolean {
  return /\.curl$/i.test(file);
}

function parseCurl({ file, text: written }: Look): Result<FileDocument | undefined> {
  if (written.length > limits.shellChars) {
    return err(failure('COLLECTION/TOO_LARGE', { file, limitBytes: limits.shellChars }, { file }));
  }
  const text = normalise(written);
  const script = readCommands(text);
  const { commands, error } = script;
  if (error) {
    const ours = isNamedCurl(file) || (commands.length > 0 && areOnlyCurl(commands));
    if (!ours) return ok(undefined);
    return err(failure('COLLECTION/MALFORMED', { file, problem: error.problem }, { file, ...placeOf(text, error.at) }));
  }
  if (!isNamedCurl(file) && !areOnlyCurl(commands)) return ok(undefined);
  return ok({ collections: [readCollection(file, text, script)] });
}

/** Windows line breaks as one character, unless they are only in what is quoted. */
function normalise(text: string): string {
  return /(?:^|[^\r])\n/.test(text) ? text : text.replaceAll('\r\n', '\n');
}

const HARMLESS = new Set(['echo', 'printf', 'set', 'export', ':', 'true']);

/** Whether every pipe has a curl command in it; what prints or sets options does no harm beside them. */
function areOnlyCurl(commands: readonly ShellCommand[]): boolean {
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

function readCollection(file: string, text: string, { commands }: ShellScript): Collection {
  const { requests, problems } = listRequests(file, text, commands);
  const { collection, description } = readTags(headerOf(text));
  const name = collection ?? (fileName(file).replace(/\.(?:curl|sh|bash)$/i, '') || fileName(file));
  return {
    id: stableId(name, 'curl', file),
    name,
    dialect: 'curl',
    format: 'curl',
    file,
    ...(collection !== undefined && description !== '' && { description }),
    requests,
    problems,
    variables: () => commands.flatMap(readVariables),
  };
}

const HEADER = /^(?:#!.*\n)?((?:#.*(?:\n|$))*)/;

/** The comment that the file starts with; it is about the collection where it says `@collection`. */
function headerOf(text: string): string[] {
  const lines = (HEADER.exec(text)?.[1] ?? '').split('\n');
  return lines.map((line) => line.replace(/^# ?/, '').trimEnd());
}

/** `NAME=value` on a line of its own, or behind `export`. */
function readVariables({ words, assignments }: ShellCommand): Variable[] {
  const stated = words.length === 0 ? assignments : words[0] === 'export' ? exported(words) : [];
  return stated.map(([name, value]) => {
    const secret = isSensitiveName(name);
    return {
      name,
      value: giveMeaning(secret ? sealVariable(value, 'named') : lexTemplate(value)),
      enabled: true,
      secret,
    };
  });
}

function exported(words: readonly string[]): (readonly [string, string])[] {
  return words.slice(1).flatMap((word): [string, string][] => {
    const equals = word.indexOf('=');
    return equals > 0 ? [[word.slice(0, equals), word.slice(equals + 1)]] : [];
  });
}

interface Listing {
  readonly requests: RequestEntry[];
  readonly problems: Failure[];
}

const PIPED = 'What the command is piped into is left out';
const OTHER = 'a command that is not curl is left out';

function listRequests(file: string, text: string, commands: readonly ShellCommand[]): Listing {
  const requests: RequestEntry[] = [];
  const problems: Failure[] = [];
  const ordinal = createOrdinals();
  const withCurl = new Set(commands.filter(isCurl).map(({ pipeline }) => pipeline));
  const report = (problem: string, { start }: ShellCommand): void => {
    if (problems.length >= limits.fileProblems) return;
    problems.push(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...placeOf(text, start) }));
  };
  for (const command of commands) {
    const [name] = command.words;
    if (!isCurl(command)) {
      if (name !== undefined && !withCurl.has(command.pipeline) && !HARMLESS.has(name)) report(OTHER, command);
      continue;
    }
    const transfers = readArguments(command.words.slice(1)).flatMap((operation) =>
      transfersOf(operation, command.stdin),
    );
    if (transfers.length === 0) report('a curl command has no URL', command);
    for (const transfer of transfers.slice(0, limits.fileRequests - requests.length)) {
      const notes = command.isPiped ? [...transfer.notes, PIPED] : transfer.notes;
      requests.push(createEntry({ file, command, transfer: { ...transfer, notes }, ordinal }));
    }
  }
  return { requests, problems };
}

interface Listed {
  readonly file: string;
  readonly command: ShellCommand;
  readonly transfer: Transfer;
  readonly ordinal: (kind: string, name: string) => number;
}

// Sets and ranges of curl's URL globbing; what stands in `{{references}}` is none.
const GLOB = /\{[^{}]*\}|\[(?:\d+-\d+|[a-z]-[a-z])(?::\d+)?\]/i;

function createEntry({ file, command, transfer, ordinal }: Listed): RequestEntry {
  const tags = readTags(command.comments);
  const method = methodOf(transfer);
  const name = tags.name ?? methodAndPath(method, transfer.url);
  const key = [...tags.folders].reduce((parent, folder) => childKey(parent, 'folder', folder, 0), file);
  const reason = whyNotExecuted(transfer);
  const { start } = command;
  return {
    id: stableId(name, 'request', childKey(key, 'request', name, ordinal(key, name))),
    name,
    folders: tags.folders,
    method,
    ...(reason !== undefined && { notExecutable: reason }),
    open: () => openTransfer(transfer, tags.description),
    locate: (fileText): SourceSpan => ({ file, ...placeOf(normalise(fileText), start) }),
  };
}

function whyNotExecuted(transfer: Transfer): string | undefined {
  const globs = !isOn(transfer.options, 'globoff') && GLOB.test(maskReferences(transfer.url));
  if (globs) return 'URLs with globs are not executed';
  return isConsistent(transfer) ? undefined : 'Commands with options that curl refuses together are not executed';
}
