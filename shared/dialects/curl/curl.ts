// Files of curl commands, as people keep and browsers copy them. A script that does other things too is not one of them,
// unless it is named `.curl`.
import { placeOf } from '../../collection/json-place.ts';
import type { Collection } from '../../collection/model.ts';
import { stableId } from '../../collection/stable-id.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import { fileName, type Look } from '../look.ts';
import { readTags } from './comment-tags.ts';
import { areOnlyCurl, listCommands, normalise } from './list-commands.ts';
import { assignmentsOf, toVariable } from './read-variables.ts';
import { readCommands, type ShellScript } from './shell-commands.ts';

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

function readCollection(file: string, text: string, { commands }: ShellScript): Collection {
  const { requests, problems, credentials } = listCommands(file, text, commands);
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
    variables: () =>
      commands.flatMap((command) =>
        assignmentsOf(command).map((assignment) => toVariable(assignment, credentials.has(assignment[0]))),
      ),
  };
}

const HEADER = /^(?:#!.*\n)?((?:#.*(?:\n|$))*)/;

/** The comment that the file starts with; it is about the collection where it says `@collection`. */
function headerOf(text: string): string[] {
  const lines = (HEADER.exec(text)?.[1] ?? '').split('\n');
  return lines.map((line) => line.replace(/^# ?/, '').trimEnd());
}
