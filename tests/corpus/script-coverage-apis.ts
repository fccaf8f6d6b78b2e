// From the paths that scripts use to the APIs that a client has to have for them, and whether it has one.
import { usedPaths } from './script-coverage-usage.ts';

/** What a script needs: one entry for each API, chai's words one by one. */
export function neededApis(source: string): ReadonlySet<string> | undefined {
  const paths = usedPaths(source);
  return paths && new Set([...paths].flatMap(apisOf));
}

// Behind these comes what a server, a file or the script itself put there.
const DATA =
  /^(?:tests|environment|globals|data|responseHeaders|responseCookies|responseBody|responseJSON|arguments)\b/;
const HOLDS_DATA = /^(?:bru\.getProcessEnv|res|res\.body|req\.body|res\.headers|req\.headers|pm\.iterationData)$/;
const SUBJECT = /^((?:pm|insomnia)\.expect|expect)\(\)\.(.+)$/;
const ASSERTED = /^((?:pm|insomnia)\.(?:response|request)\.to)\.(.+)$/;
const OPENED = /^((?:pm|insomnia|bru)\.cookies\.jar\(\)\.\w+)/;
const LOADED = /^require\(([^)]*)\)(?:\.([A-Za-z_]\w*))?/;

function apisOf(path: string): readonly string[] {
  if (path.startsWith('undefined')) return [];
  const [, subject, words] = SUBJECT.exec(path) ?? ASSERTED.exec(path) ?? [];
  if (subject !== undefined && words !== undefined) return chaiWords(words).map((word) => `${subject} ${word}`);
  const [opened] = OPENED.exec(path) ?? [];
  if (opened !== undefined) return [opened];
  const loaded = LOADED.exec(path);
  if (loaded) return [loaded[2] === undefined ? `require(${loaded[1]})` : `require(${loaded[1]}).${loaded[2]}`];
  const [data] = DATA.exec(path) ?? [];
  if (data !== undefined) return [data];
  const [called = ''] = path.split('()');
  const names = called.split('.');
  const end = names.findIndex((name, index) => name === '[]' || HOLDS_DATA.test(names.slice(0, index).join('.')));
  return [(end === -1 ? names : names.slice(0, end)).slice(0, DEPTH).join('.')];
}

const DEPTH = 4;

function chaiWords(chain: string): readonly string[] {
  return chain.split('.').map((word) => word.replace('()', ''));
}
