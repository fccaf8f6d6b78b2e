import { limits } from '../../limits.ts';
import { maskReferences } from '../outside-references.ts';
import { formRefusal } from './form.ts';
import type { Operation, Stated } from './read-arguments.ts';
import type { Stdin } from './shell-commands.ts';

/** One request of a command: a URL with the options of its operation. */
export interface Transfer {
  readonly url: string;
  readonly method: string;
  readonly options: readonly Stated[];
  readonly stdin?: Stdin;
  /** The file of the `-T` that goes with this URL. */
  readonly upload?: string;
  readonly notes: readonly string[];
  /** Why it is listed and not executed. */
  readonly refusal?: string;
}

/**
 * The requests of an operation, one for each URL; the first `-T` goes with the first URL, and so on. What the
 * options say for all of them is worked out once. A URL that is longer than a request may have gives none.
 */
export function transfersOf(operation: Operation, stdin: Stdin | undefined): Transfer[] {
  const { options, notes } = operation;
  const uploads = texts(options, 'upload-file');
  const [plain, uploading] = [methodOf(options, false), methodOf(options, true)];
  const shared = operation.refusal ?? formRefusal(options) ?? inconsistency(options);
  const [globs, asIs] = [!isOn(options, 'globoff'), isOn(options, 'path-as-is')];
  return operation.urls.flatMap((stated, index) => {
    const upload = uploads[index];
    if (stated.length > limits.urlChars) return [];
    const url = upload === undefined ? stated : withFileName(stated, upload);
    const refusal = shared ?? (globs ? globRefusal(url, upload) : undefined) ?? (asIs ? asIsRefusal(url) : undefined);
    return [
      {
        url,
        method: upload === undefined || upload === '' ? plain : uploading,
        options,
        notes,
        ...(stdin && { stdin }),
        ...(upload !== undefined && { upload }),
        ...(refusal !== undefined && { refusal }),
      },
    ];
  });
}

// Sets and ranges of curl's URL globbing; what stands in `{{references}}` is none.
const GLOB = /\{[^{}]*\}|\[(?:\d+-\d+|[a-z]-[a-z])(?::\d+)?\]/i;

function globRefusal(url: string, upload: string | undefined): string | undefined {
  if (GLOB.test(maskReferences(url))) return 'URLs with globs are not executed';
  return GLOB.test(maskReferences(upload ?? '')) ? 'Uploads with globs are not executed' : undefined;
}

function asIsRefusal(url: string): string | undefined {
  const hasDots = /\/\.{1,2}(?:[/?#]|$)/.test(url);
  return hasDots ? 'Commands with --path-as-is and dots in the path are not executed' : undefined;
}

/** A URL whose path names no file gets the name of the file that is sent to it, unless it has a query. */
function withFileName(url: string, upload: string): string {
  const path = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*([^?#]*)$/i.exec(url)?.[1];
  if (path === undefined || !/(?:^|\/)$/.test(path) || upload === '-' || upload === '.') return url;
  return `${url}${path === '' ? '/' : ''}${upload.slice(upload.lastIndexOf('/') + 1)}`;
}

const DATA = new Set(['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json']);
const FORM = new Set(['form', 'form-string']);
const UPLOAD = new Set(['upload-file']);

function has(options: readonly Stated[], names: ReadonlySet<string>): boolean {
  return options.some(({ name }) => names.has(name));
}

/** curl takes a form, data, a file or a HEAD, and no two of these. */
function inconsistency(options: readonly Stated[]): string | undefined {
  const data = has(options, DATA) && !isOn(options, 'get');
  const kinds = [has(options, FORM), data, has(options, UPLOAD), isOn(options, 'head')];
  return kinds.filter(Boolean).length > 1
    ? 'Commands with options that curl refuses together are not executed'
    : undefined;
}

/** The values of an option that can be given often. */
export function texts(options: readonly Stated[], name: string): string[] {
  return options.filter((option) => isText(option, name)).map(({ value }) => String(value));
}

function isText({ name, value }: Stated, wanted: string): boolean {
  return name === wanted && typeof value === 'string';
}

/** The value of an option of which the last counts. */
export function text(options: readonly Stated[], name: string): string | undefined {
  const last = options.findLast((option) => isText(option, name))?.value;
  return typeof last === 'string' ? last : undefined;
}

/** Whether a switch is on: the last word on it counts. */
export function isOn(options: readonly Stated[], name: string): boolean {
  return options.findLast((option) => option.name === name)?.value === true;
}

/** What a request is sent as (curl's manual, `--request`): the method stated, else the one that the other options ask for. */
function methodOf(options: readonly Stated[], uploads: boolean): string {
  const stated = text(options, 'request');
  if (stated !== undefined && stated !== '') return stated;
  if (isOn(options, 'head')) return 'HEAD';
  if (uploads) return 'PUT';
  if (has(options, FORM)) return 'POST';
  return has(options, DATA) && !isOn(options, 'get') ? 'POST' : 'GET';
}
