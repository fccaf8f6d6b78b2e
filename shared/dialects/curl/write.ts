// A shell file of curl commands: variables as assignments, a comment above each command that names it. Handles stand as
// `{{vault:NAME}}`; they are to be replaced before the file is run.
import type { Variable } from '../../collection/model.ts';
import { createFileNames } from '../postman/write-file-name.ts';
import { createLosses, type Losses, losePlain, losePlainCollection, requestPath } from '../write-losses.ts';
import type { WritableCollection, WritableRequest, Writer } from '../writer.ts';
import { isShellName, quoteWord } from './quote-word.ts';
import { writeCommand } from './write-command.ts';

export const curlWriter: Writer = {
  format: 'curl',
  write(source) {
    const losses = createLosses();
    const variables = writeVariables(source, losses);
    const commands = source.requests.flatMap((request) => writeRequest(request, losses));
    const path = createFileNames()(source.name, '.sh');
    const blocks = [writeHeader(source), ...(variables === '' ? [] : [variables]), ...commands];
    return { files: [{ path, text: `${blocks.join('\n\n')}\n` }], losses: losses.losses };
  },
};

function writeHeader({ name, description }: WritableCollection): string {
  return ['#!/bin/sh', ...comment(`@collection ${oneLine(name)}`), ...prose(description)].join('\n');
}

function writeVariables(source: WritableCollection, { lose }: Losses): string {
  losePlainCollection(source, lose);
  if (source.environments.length > 0) lose('Environments are left out.');
  const enabled = source.variables.filter((variable) => variable.enabled);
  if (enabled.some(({ name }) => !isShellName(name))) {
    lose('Variables with names that no shell variable can have are left out.');
  }
  return enabled
    .filter(({ name }) => isShellName(name))
    .map(writeVariable)
    .join('\n');
}

function writeVariable({ name, value }: Variable): string {
  return `${name}=${value.length === 0 ? '' : quoteWord(value)}`;
}

function writeRequest(request: WritableRequest, { lose }: Losses): string[] {
  const { entry, template } = request;
  const path = requestPath(request);
  const loseHere = (what: string): void => lose(what, path);
  if (entry.notExecutable !== undefined) {
    loseHere('A request that is no HTTP request is left out.');
    return [];
  }
  losePlain(request, loseHere);
  const lines = [
    ...entry.folders.flatMap((folder) => comment(`@folder ${oneLine(folder)}`)),
    ...comment(`@name ${oneLine(entry.name)}`),
    ...prose(template.description),
    writeCommand(template, loseHere),
  ];
  return [lines.join('\n')];
}

function comment(line: string): string[] {
  return [`# ${line}`.trimEnd()];
}

/** A text as lines of comment; one that would say something to the reader starts with a blank. */
function prose(description: string | undefined): string[] {
  if (description === undefined || description.trim() === '') return [];
  const lines = description.trim().split(/\r\n?|\n/);
  return lines.flatMap((line) => comment(/^@(?:name|folder|collection)\b/.test(line) ? ` ${line}` : line));
}

function oneLine(name: string): string {
  return name.replace(/\s*[\r\n]+\s*/g, ' ').trimEnd();
}
