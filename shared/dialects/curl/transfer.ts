import type { Operation, Stated } from './read-arguments.ts';
import type { Stdin } from './shell-commands.ts';

/** One request of a command: a URL with the options of its operation. */
export interface Transfer {
  readonly url: string;
  readonly options: readonly Stated[];
  readonly stdin?: Stdin;
  /** The file of the `-T` that goes with this URL. */
  readonly upload?: string;
  readonly notes: readonly string[];
}

/** The requests of an operation, one for each URL; the first `-T` goes with the first URL, and so on. */
export function transfersOf({ options, urls, notes }: Operation, stdin: Stdin | undefined): Transfer[] {
  const uploads = texts(options, 'upload-file');
  return urls.map((url, index) => {
    const upload = uploads[index];
    return {
      url: upload === undefined ? url : withFileName(url, upload),
      options,
      notes,
      ...(stdin && { stdin }),
      ...(upload !== undefined && { upload }),
    };
  });
}

/** A URL whose path names no file gets the name of the file that is sent to it, unless it has a query. */
function withFileName(url: string, upload: string): string {
  const path = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*([^?#]*)$/i.exec(url)?.[1];
  if (path === undefined || !/(?:^|\/)$/.test(path) || upload === '-' || upload === '.') return url;
  return `${url}${path === '' ? '/' : ''}${upload.slice(upload.lastIndexOf('/') + 1)}`;
}

/** Whether curl takes the options together: a request is a form, data, a file or a HEAD, and no two of these. */
export function isConsistent({ options }: Transfer): boolean {
  const has = (names: ReadonlySet<string>) => options.some(({ name }) => names.has(name));
  const kinds = [has(FORM), has(DATA) && !isOn(options, 'get'), has(UPLOAD), isOn(options, 'head')];
  return kinds.filter(Boolean).length <= 1;
}

/** The values of an option that can be given often. */
export function texts(options: readonly Stated[], name: string): string[] {
  return options.flatMap((option) => (option.name === name && typeof option.value === 'string' ? [option.value] : []));
}

/** The value of an option of which the last counts. */
export function text(options: readonly Stated[], name: string): string | undefined {
  return texts(options, name).at(-1);
}

/** Whether a switch is on: the last word on it counts. */
export function isOn(options: readonly Stated[], name: string): boolean {
  return options.findLast((option) => option.name === name)?.value === true;
}

const DATA = new Set(['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json']);

/** What the request is sent as (curl's manual, `--request`): the method stated, else the one that the other options ask for. */
export function methodOf({ options, upload }: Transfer): string {
  const stated = text(options, 'request');
  if (stated !== undefined && stated !== '') return stated;
  if (isOn(options, 'head')) return 'HEAD';
  if (upload !== undefined && upload !== '') return 'PUT';
  const has = (names: ReadonlySet<string>) => options.some(({ name }) => names.has(name));
  if (has(FORM)) return 'POST';
  return has(DATA) && !isOn(options, 'get') ? 'POST' : 'GET';
}

const FORM = new Set(['form', 'form-string']);
const UPLOAD = new Set(['upload-file']);
