// The doctor's look at the workspace: configuration, files that did not load, and what requests need that is not there.
import type { Finding } from './doctor.ts';
import { problemOf } from './doctor-machine.ts';
import { listAll, type Row } from './list-all.ts';
import type { Parts } from './parts.ts';
import { UNVERIFIED } from './unverified.ts';

const MAX_NAMED = 5;
const MAX_LISTED = 20;

/** The configuration and the files; one finding for each file or part that could not be read. */
export async function checkFiles(parts: Parts): Promise<Finding[]> {
  const config = await checkConfig(parts);
  const workspace = await parts.workspace();
  if (!workspace.ok) {
    // A configuration that does not load was told of already.
    return config.state === 'problem' ? [config] : [config, problemOf('workspace', workspace.failure)];
  }
  const collections = workspace.value.collections();
  const requests = collections.reduce((sum, collection) => sum + collection.requests.length, 0);
  const environments = workspace.value.environments().length;
  const counts = `${collections.length} collections, ${requests} requests, ${environments} environments`;
  const found: Finding =
    collections.length > 0
      ? { state: 'ok', about: 'workspace', detail: counts }
      : {
          state: 'warning',
          about: 'workspace',
          detail: `no collections in ${parts.roots.join(', ')}`,
          fix: NO_COLLECTIONS,
        };
  const listed = collections.slice(0, MAX_LISTED).map(({ name, format, file, requests: { length } }): Finding => {
    return { state: 'ok', about: 'collection', detail: `${file}  "${name}", ${format}, ${length} requests` };
  });
  const more = collections.length - listed.length;
  if (more > 0) listed.push({ state: 'ok', about: 'collection', detail: `and ${more} more: keyward list collections` });
  return [config, found, ...listed, ...workspace.value.problems().map((problem) => problemOf('file', problem))];
}

const NO_COLLECTIONS =
  'Put API files here (Postman, Bruno, OpenCollection, Insomnia, OpenAPI, HAR, .http or cURL), or name another folder. Ignored files are left out.';

async function checkConfig(parts: Parts): Promise<Finding> {
  const about = 'keyward.yaml';
  const config = await parts.config();
  if (!config.ok) return problemOf(about, config.failure);
  const { file, trusted, loosens } = config.value;
  if (file === undefined) return { state: 'ok', about, detail: 'none; the strict defaults hold' };
  if (trusted) return { state: 'ok', about, detail: `${file}, trusted` };
  if (loosens.length === 0) return { state: 'ok', about, detail: `${file}, loosens nothing` };
  return {
    state: 'warning',
    about,
    detail: `${file} is not trusted, so this does not count: ${loosens.join('; ')}`,
    fix: 'Review it and accept it: keyward trust.',
  };
}

/** Notes of what was trusted that this data folder did not write. */
export async function checkTrust(parts: Parts): Promise<Finding[]> {
  const doubted = (await parts.trust()).unverified();
  if (!doubted.ok) return [problemOf('trust', doubted.failure)];
  return doubted.value.map(({ file }) => {
    return { state: 'problem', about: 'trust', detail: `${file}: ${UNVERIFIED}`, fix: 'Review it: keyward trust.' };
  });
}

/** What saved requests ask for that is missing or not supported, as far as an agent may see them. */
export async function checkUse(parts: Parts): Promise<Finding[]> {
  const requests = await listAll(parts, 'list_requests', 'requests');
  const vault = await parts.vault();
  const secrets = vault.ok ? vault.value.list() : vault;
  if (!requests.ok || !secrets.ok) return [];
  const known = new Set(secrets.value.map(({ name }) => name));
  const missing = new Map<string, string[]>();
  const unsigned = new Map<string, string[]>();
  for (const request of requests.rows) {
    for (const name of namesIn(request)) if (!known.has(name)) note(missing, name, request);
    const type = String(request.auth_type);
    if (!(await parts.canSign(type))) note(unsigned, type, request);
  }
  return [...findings(missing, missingSecret), ...findings(unsigned, unsignedType)];
}

function missingSecret(name: string, users: string): Finding {
  const fix = `keyward secrets set ${name} --origin URL`;
  return {
    state: 'problem',
    about: 'secret',
    detail: `{{vault:${name}}} is not in the vault; needed by ${users}`,
    fix,
  };
}

function unsignedType(type: string, users: string): Finding {
  const detail = `the auth type "${type}" is not supported yet; refused: ${users}`;
  return { state: 'warning', about: 'auth', detail };
}

function namesIn({ handles }: Row): string[] {
  return Array.isArray(handles) ? handles.filter((name): name is string => typeof name === 'string') : [];
}

function note(groups: Map<string, string[]>, key: string, { name }: Row): void {
  groups.set(key, [...(groups.get(key) ?? []), String(name)]);
}

function findings(
  groups: ReadonlyMap<string, readonly string[]>,
  finding: (key: string, users: string) => Finding,
): Finding[] {
  return [...groups].map(([key, names]) => {
    const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
    return finding(key, `${names.slice(0, MAX_NAMED).join(', ')}${more}`);
  });
}
