// A first look at a file: what every dialect needs to tell whether it is one of its own, computed once for all of them.
import { members } from '../collection/json-place.ts';
import { type JsonToken, readToken } from '../collection/json-tokens.ts';

export interface Look {
  /** Workspace-relative path with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** The top-level members of a JSON object in file order, read as far as they are asked for; none of any other text. */
  members(): Iterable<JsonMember>;
  /** The top-level keys of a YAML mapping with the rest of their line, from the start of the text; none of JSON. */
  yamlKeys(): ReadonlyMap<string, string>;
}

export interface JsonMember {
  readonly name: string;
  readonly value: JsonToken;
}

export function lookAt(file: string, text: string): Look {
  const seen: JsonMember[] = [];
  let rest: Generator<JsonMember> | undefined;
  let keys: ReadonlyMap<string, string> | undefined;
  return {
    file,
    text,
    *members() {
      rest ??= members(text, readToken(text, 0));
      for (let at = 0; ; at += 1) {
        const known = seen[at];
        if (known) {
          yield known;
          continue;
        }
        const next = rest.next();
        if (next.done) return;
        seen.push(next.value);
        yield next.value;
      }
    },
    yamlKeys() {
      keys ??= scanYamlKeys(text);
      return keys;
    },
  };
}

/** The file's name without its folders. */
export function fileName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The folder that a file is in, '' at the root. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

const SCANNED_CHARS = 64 * 1024;
const YAML_KEY = /^(?:"([^"\n]{1,80})"|'([^'\n]{1,80})'|([A-Za-z_$][\w$./-]{0,80})) *:(?: +([^\n]*))?$/gm;

function scanYamlKeys(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  if (/^\s*[{[]/.test(text)) return keys;
  for (const match of text.slice(0, SCANNED_CHARS).replaceAll('\r', '').matchAll(YAML_KEY)) {
    const key = match[1] ?? match[2] ?? match[3] ?? '';
    if (!keys.has(key)) keys.set(key, (match[4] ?? '').trim());
  }
  return keys;
}
