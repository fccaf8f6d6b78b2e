// Who may import what, as data. First matching row decides; a file without a row, or a target that no pattern allows, fails.
// Patterns: a trailing `**` matches any rest; `node:` and `npm:` prefix built-ins and packages.

export interface ImportRule {
  readonly from: string;
  readonly may: readonly string[];
}

export const importRules: readonly ImportRule[] = [
  { from: 'shared/**', may: ['shared/**', 'npm:zod', 'npm:yaml'] },
  { from: 'src/main.ts', may: ['src/**', 'shared/**', 'node:**', 'npm:commander'] },
  { from: 'src/sealed-half.ts', may: ['src/**', 'shared/**'] },
  { from: 'src/http-half.ts', may: ['src/**', 'shared/**', 'node:**'] },
  { from: 'src/monitor-half.ts', may: ['src/**', 'shared/**'] },
  { from: 'src/serve-half.ts', may: ['src/**', 'shared/**', 'node:crypto'] },
  { from: 'src/script-half.ts', may: ['src/execute/**', 'src/sandbox/**', 'node:os'] },
  { from: 'src/cli/**', may: ['src/**', 'shared/**', 'node:**', 'npm:commander', 'npm:@clack/prompts'] },
  { from: 'src/demo/**', may: ['shared/**', 'src/demo/**', 'src/cli/**', 'node:**'] },
  { from: 'src/canary/**', may: ['src/canary/**', 'src/demo/**', 'node:**'] },
  { from: 'src/config/**', may: ['shared/**', 'src/config/**', 'node:**', 'npm:yaml'] },
  {
    from: 'src/workspace/**',
    may: ['shared/**', 'src/workspace/**', 'src/execute/ports.ts', 'node:fs', 'node:path', 'node:buffer'],
  },
  { from: 'src/log/**', may: ['shared/**', 'src/log/**', 'node:**', 'npm:pino'] },
  { from: 'src/state/**', may: ['shared/**', 'src/state/**', 'node:**', 'npm:libsql'] },
  { from: 'src/journal/**', may: ['shared/**', 'src/journal/**', 'src/state/**', 'src/execute/ports.ts', 'node:**'] },
  {
    from: 'src/access/**',
    may: ['shared/**', 'src/access/**', 'src/state/**', 'node:**', 'npm:jose'],
  },
  { from: 'src/approvals/**', may: ['shared/**', 'src/approvals/**', 'src/state/**', 'node:crypto'] },
  { from: 'src/kept-half.ts', may: ['src/**', 'shared/**'] },
  { from: 'src/tools/**', may: ['shared/**', 'src/tools/**', 'src/execute/**'] },
  {
    from: 'src/execute/**',
    may: ['shared/**', 'src/execute/**', 'node:async_hooks', 'node:module', 'npm:@faker-js/faker', 'npm:jmespath'],
  },
  {
    from: 'src/courier/**',
    may: ['shared/**', 'src/courier/**', 'src/oauth/**', 'src/signer/**', 'src/network/**', 'src/execute/ports.ts'],
  },
  { from: 'src/oauth/**', may: ['shared/**', 'src/oauth/**', 'node:crypto', 'npm:oauth4webapi'] },
  { from: 'src/signer/**', may: ['shared/**', 'src/signer/**', 'src/vault/resolve.ts', 'node:crypto'] },
  {
    from: 'src/vault/**',
    may: ['shared/**', 'src/vault/**', 'src/state/**', 'src/execute/ports.ts', 'node:**', 'npm:@napi-rs/keyring'],
  },
  {
    from: 'src/network/**',
    may: [
      'shared/**',
      'src/network/**',
      'node:dns',
      'node:net',
      'node:tls',
      'node:zlib',
      'node:crypto',
      'node:stream',
      'npm:undici',
      'npm:tough-cookie',
    ],
  },
  { from: 'src/sandbox/guest/**', may: ['shared/**', 'src/sandbox/guest/**', 'npm:**'] },
  { from: 'src/build/**', may: ['src/build/**', 'node:**', 'npm:rolldown'] },
  {
    from: 'src/sandbox/image/**',
    may: [
      'shared/**',
      'src/sandbox/**',
      'src/build/**',
      'node:**',
      'npm:rolldown',
      'npm:@jitl/quickjs-wasmfile-release-sync',
    ],
  },
  {
    from: 'src/sandbox/**',
    may: [
      'shared/**',
      'src/sandbox/**',
      'src/execute/ports.ts',
      'src/execute/dynamic-values.ts',
      'node:worker_threads',
      'node:fs',
      'node:os',
      'node:crypto',
      'npm:@jitl/quickjs-wasmfile-release-sync',
    ],
  },
  {
    from: 'src/server/**',
    may: [
      'shared/**',
      'src/server/**',
      'src/tools/**',
      'src/execute/**',
      'src/log/**',
      'src/access/**',
      'node:**',
      'npm:@modelcontextprotocol/server',
      'npm:prom-client',
    ],
  },
  { from: 'tests/**', may: ['**'] },
];

/** Targets that only the named files may import, whatever the table above says. */
export const reserved: readonly { readonly target: string; readonly by: readonly string[] }[] = [
  {
    target: 'shared/secret/reveal.ts',
    by: ['src/signer/**', 'shared/secret/seal.ts', 'src/vault/adopt.ts', 'tests/**'],
  },
  {
    target: 'src/vault/resolve.ts',
    by: ['src/signer/**', 'src/vault/**', 'src/main.ts', 'src/sealed-half.ts', 'tests/**'],
  },
  { target: 'src/signer/**', by: ['src/signer/**', 'src/courier/**', 'src/main.ts', 'src/sealed-half.ts', 'tests/**'] },
  { target: 'npm:tough-cookie', by: ['src/network/cookie-jar.ts', 'tests/**'] },
  { target: 'src/oauth/**', by: ['src/oauth/**', 'src/courier/**', 'tests/**'] },
  { target: 'npm:oauth4webapi', by: ['src/oauth/**', 'tests/**'] },
  { target: 'npm:undici', by: ['src/network/**', 'tests/**'] },
  { target: 'node:dns**', by: ['src/network/**', 'tests/**'] },
  { target: 'node:net', by: ['src/network/**', 'tests/**'] },
  { target: 'node:tls', by: ['src/network/**', 'tests/**'] },
  { target: 'npm:@jitl/**', by: ['src/sandbox/**', 'tests/**'] },
  // Whoever reaches these could answer for the operator.
  {
    target: 'src/approvals/**',
    by: ['src/approvals/**', 'src/cli/**', 'src/kept-half.ts', 'src/http-half.ts', 'tests/**'],
  },
  { target: 'npm:jose', by: ['src/access/**', 'tests/**'] },
  { target: 'npm:libsql', by: ['src/state/**', 'tests/**'] },
  { target: 'npm:@napi-rs/keyring', by: ['src/vault/**', 'tests/**'] },
  { target: 'npm:@modelcontextprotocol/**', by: ['src/server/**', 'tests/**'] },
];

/** Makers of the stages: each name may be imported by one file. */
export const makers: Readonly<Record<string, string>> = {
  markPlan: 'shared/request/plan-request.ts',
  markAdmitted: 'src/courier/admit.ts',
  markSigned: 'src/signer/sign.ts',
  markRaw: 'src/network/send.ts',
  markSafe: 'shared/redact/redact-exchange.ts',
  sessionOf: 'src/vault/resolve.ts',
};
