// A copy of Bruno's test collection whose addresses are those of our server, and the names of its requests.
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HOSTS =
  /https:\/\/(?:testbench-sanity|echo|www)\.usebruno\.com|https:\/\/www\.httpfaker\.org|http:\/\/localhost:808[01]/g;

export interface BrunoCollection {
  readonly folder: string;
  /** `folders/name` of each request, by its file. */
  readonly names: ReadonlyMap<string, string>;
}

/** Copies `source`; `origin` is `http://localhost:PORT`. */
export function copyCollection(source: string, origin: string): BrunoCollection {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-bruno-'));
  cpSync(source, folder, { recursive: true });
  const host = new URL(origin).host;
  const names = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.bru')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), rewritten(text, origin, host));
    const name = /^meta \{[^}]*?^ {2}name: ([^\n]*)$/m.exec(text)?.[1]?.trim();
    if (name !== undefined) names.set(file, [...file.split('/').slice(0, -1), name].join('/'));
  }
  // What Bruno sends as it stands where nobody has it, we do not send.
  const environment = join(folder, 'environments/Prod.bru');
  writeFileSync(
    environment,
    readFileSync(environment, 'utf8').replace(/^vars \{$/m, 'vars {\n  request_pre_var_token: given'),
  );
  writeFileSync(join(folder, '.env'), 'PROC_ENV_VAR=woof\n');
  return { folder, names };
}

function rewritten(text: string, origin: string, host: string): string {
  return text
    .replaceAll(HOSTS, origin)
    .replaceAll(/(?<!\/)\blocalhost:8081\b/g, host)
    .replaceAll('"testbench-sanity.usebruno.com"', JSON.stringify(host))
    .replaceAll(/localhost%3A8081/gi, encodeURIComponent(host))
    .replaceAll("include('usebruno.com')", "include('localhost')");
}
