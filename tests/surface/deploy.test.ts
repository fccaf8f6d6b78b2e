// The files for running Keyward as a service, held against the linters of their formats and against what they promise.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadHttpSettings } from '../../src/config/load-http.ts';

const folder = join(import.meta.dirname, '../../docs/deploy');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');
  const [, final = ''] = dockerfile.split(/^FROM .*bookworm-slim$/m);

  it('has nothing that the linter reports, which does report a planted fault', () => {
    expect(validateDockerfile(dockerfile)).toEqual([]);
    expect(validateDockerfile(dockerfile.replace('WORKDIR /opt', 'WORKDIRE /opt'))).not.toEqual([]);
  });

  it('runs as a user without rights, tells its health and names its base exactly', () => {
    expect(final).toMatch(/^USER 10001:10001$/m);
    expect(final.indexOf('USER ')).toBeGreaterThan(final.lastIndexOf('COPY '));
    expect(final).toMatch(/^HEALTHCHECK /m);
    for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(base).toMatch(/^node:\d+\.\d+\.\d+-/);
  });

  it('takes nothing into a layer but the sources, and no key from the build', () => {
    expect(dockerfile).not.toMatch(/^ARG /m);
    expect(dockerfile).not.toMatch(/(?:PASSPHRASE|KEYWARD_KEY|TOKEN|SECRET)/);
    const ignored = read('Dockerfile.dockerignore').trim().split('\n');
    expect(ignored[0]).toBe('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, words = '']) =>
      words.split(' '),
    );
    for (const path of copied) expect(ignored).toContain(`!${path.replace(/^\.\/(?=\w)/, '')}`);
  });
});

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

const load = createRequire(import.meta.url);

/** Throws what the schema of the Kubernetes API says against it. */
function validateManifest(manifest: Manifest): void {
  const models = load(`kubernetes-models/${manifest.apiVersion}`) as Record<
    string,
    new (
      manifest: Manifest,
    ) => { validate(): void }
  >;
  const Model = models[manifest.kind];
  if (!Model) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`);
  new Model(manifest).validate();
}

/** What becomes of an http.yaml. */
function settingsOf(text: string) {
  const home = mkdtempSync(join(tmpdir(), 'keyward-deploy-'));
  try {
    writeFileSync(join(home, 'http.yaml'), text, { mode: 0o600 });
    return loadHttpSettings({ home, variables: {}, isServed: () => false });
  } finally {
    rmSync(home, { recursive: true });
  }
}

describe('the Kubernetes manifest', () => {
  const manifests = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS() as Manifest);
  const deployment = JSON.stringify(manifests.find(({ kind }) => kind === 'Deployment'));

  it.each(manifests.map((manifest) => [manifest.kind, manifest] as const))('%s fits its schema', (_, manifest) => {
    validateManifest(manifest);
    expect(() => validateManifest({ ...manifest, metadata: 1 })).toThrow();
  });

  it('holds the restricted pod security standard and a read-only root', () => {
    for (const stated of [
      '"runAsNonRoot":true',
      '"readOnlyRootFilesystem":true',
      '"allowPrivilegeEscalation":false',
      '"drop":["ALL"]',
      '"type":"RuntimeDefault"',
      '"automountServiceAccountToken":false',
    ]) {
      expect(deployment).toContain(stated);
    }
  });

  it('sets what the server takes, and what lets it start', () => {
    const config = manifests.find(({ kind }) => kind === 'ConfigMap') as Manifest & { data: Record<string, string> };
    expect(settingsOf(config.data['http.yaml'] ?? '')).toMatchObject({
      ok: true,
      value: { hosts: ['keyward.example.com'] },
    });
    expect(settingsOf('monitr: 1\n')).toMatchObject({ ok: false });
  });

  it('hands the passphrase over as a file, and holds no secret itself', () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
    expect(deployment).toContain('"KEYWARD_PASSPHRASE_FILE"');
    expect(deployment).not.toMatch(/"KEYWARD_(?:PASSPHRASE|KEY)","value/);
  });
});

describe('docs/operate.md', () => {
  it('shows settings that are taken', () => {
    const page = readFileSync(join(folder, '../operate.md'), 'utf8');
    const [, yaml = ''] = /```yaml\n(version: 1\nlisten[\s\S]*?)```/.exec(page) ?? [];
    expect(settingsOf(yaml)).toMatchObject({
      ok: true,
      value: { approvalsBy: 'operator', claims: { tenant: 'org.id' } },
    });
  });
});

describe('the systemd unit', () => {
  const unit = join(folder, 'keyward.service');
  const analyze = (...words: string[]) =>
    spawnSync('systemd-analyze', words, { encoding: 'utf8', env: { ...process.env, SYSTEMD_COLORS: '0' } });
  const isThere = analyze('--version').status === 0;

  it.skipIf(!isThere)('is understood, and exposes little (skipped where systemd-analyze is not installed)', () => {
    const security = analyze('security', '--offline=true', '--threshold=20', unit);
    expect(security.stdout).toMatch(/Overall exposure level/);
    expect(security.status).toBe(0);
    const understood = analyze('verify', '--man=no', unit).stderr;
    // Whether the program is installed where the unit looks for it is the machine's business.
    expect(understood.split('\n').filter((line) => /keyward\.service:\d+|Unknown/.test(line))).toEqual([]);
  });

  it('gives the key as a credential', () => {
    expect(read('keyward.service')).toMatch(/^LoadCredentialEncrypted=keyward-vault-key:/m);
  });
});
