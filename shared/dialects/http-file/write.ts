// One .http file with `###` between the requests, and http-client.env.json beside it, as the clients of JetBrains, Visual
// Studio and VS Code read them.
import type { Environment, Variable } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import { methodAndPath } from '../method-and-path.ts';
import { createFileNames } from '../postman/write-file-name.ts';
import { createLosses, type Losses, losePlain, losePlainCollection, requestPath } from '../write-losses.ts';
import type { WritableCollection, WritableRequest, Writer } from '../writer.ts';
import { writeRequest } from './write-request.ts';

export const httpWriter: Writer = {
  format: 'http',
  write(source) {
    const losses = createLosses();
    const variables = writeVariables(source, losses);
    const requests = source.requests.flatMap((request) => writeBlock(request, losses));
    if (source.description !== undefined) losses.lose('The description of the collection is left out.');
    const path = createFileNames()(source.name, '.http');
    const text = [...(variables === '' ? [] : [variables]), ...requests].join('\n\n');
    const environments = writeEnvironments(source.environments, losses);
    return { files: [{ path, text: `${text}\n` }, ...environments], losses: losses.losses };
  },
};

function writeVariables(source: WritableCollection, { lose }: Losses): string {
  losePlainCollection(source, lose);
  const enabled = source.variables.filter((variable) => variable.enabled);
  const writable = enabled.filter(isWritable);
  if (writable.length < enabled.length)
    lose('Variables with blanks in their names, or of several lines, are left out.');
  return writable.map(({ name, value }) => `@${name} = ${templateText(value)}`.trimEnd()).join('\n');
}

function isWritable({ name, value }: Variable): boolean {
  const text = templateText(value);
  // A value that starts and ends with a blank or a quote would be read without them.
  return /^[^\s=:]+$/.test(name) && !/[\r\n]/.test(text) && text.trim() === text && !/^"[^"]*"$/.test(text);
}

function writeBlock(request: WritableRequest, { lose }: Losses): string[] {
  const { entry, template } = request;
  const path = requestPath(request);
  const loseHere = (what: string): void => lose(what, path);
  if (entry.notExecutable !== undefined) {
    loseHere('A request that is no HTTP request is left out.');
    return [];
  }
  if (!isWritableRequest(request)) {
    loseHere('A request without a URL, or with a method that is no word, is left out.');
    return [];
  }
  losePlain(request, loseHere);
  if (entry.folders.length > 0) loseHere('Folders are left out.');
  const stated = entry.name
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/^[\s#]+/, '')
    .trimEnd();
  const name = stated || methodAndPath(template.method, templateText(template.url.address));
  return [[`### ${name}`.trimEnd(), ...writeRequest(template, loseHere)].join('\n')];
}

function isWritableRequest({ template }: WritableRequest): boolean {
  return /^[A-Za-z][A-Za-z-]*$/.test(template.method) && templateText(template.url.address).trim() !== '';
}

const FILE = 'http-client.env.json';

function writeEnvironments(
  environments: readonly Environment[],
  { lose }: Losses,
): { readonly path: string; readonly text: string }[] {
  if (environments.length === 0) return [];
  if (environments.some(({ variables }) => variables.some(({ enabled }) => !enabled))) {
    lose('Disabled variables are left out.');
  }
  const globals = environments.filter(({ kind }) => kind === 'globals');
  const chosen = environments.filter(({ kind }) => kind === 'environment');
  if (globals.length > 0) lose('Globals are written into each environment.');
  const weakest = globals.flatMap(valuesOf).reverse();
  const named = (chosen.length > 0 ? chosen : globals.slice(0, 1)).map((environment): [string, object] => {
    return [environment.name, Object.fromEntries([...weakest, ...valuesOf(environment)])];
  });
  return [{ path: FILE, text: `${JSON.stringify(Object.fromEntries(named), null, 2)}\n` }];
}

function valuesOf({ variables }: Environment): [string, string][] {
  return variables.filter(({ enabled }) => enabled).map(({ name, value }) => [name, templateText(value)]);
}
