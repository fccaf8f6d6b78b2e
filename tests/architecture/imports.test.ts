import { describe, expect, it } from 'vitest';
import { importRules, makers, reserved } from './import-rules.ts';
import { importsOf, matches, type SourceFile, sourceFiles } from './source-files.ts';

/** Every way in which a file breaks the table, in words. */
function violations(file: SourceFile): string[] {
  const rule = importRules.find(({ from }) => matches(from, file.path));
  if (!rule) return [`${file.path}: no row of the table covers this file`];
  return importsOf(file).flatMap(({ target, names, typeOnly }) => {
    const found: string[] = [];
    if (target === 'computed:' && !file.path.startsWith('tests/')) found.push('a computed import');
    else if (!rule.may.some((pattern) => matches(pattern, target)) && target !== 'computed:') found.push(target);
    for (const { target: kept, by } of reserved) {
      if (!typeOnly && matches(kept, target) && !by.some((pattern) => matches(pattern, file.path)))
        found.push(`${target} (reserved)`);
    }
    for (const name of names) {
      const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
      if (maker && maker !== file.path && !file.path.startsWith('tests/'))
        found.push(`${name} (only ${maker} may make this stage)`);
    }
    return found.map((what) => `${file.path}: ${what}`);
  });
}

const planted: readonly (readonly [path: string, text: string])[] = [
  ['shared/policy/x.ts', "import { readFileSync } from 'node:fs';"],
  ['shared/policy/x.ts', "import { main } from '../../src/main.ts';"],
  ['shared/policy/x.ts', "import { reveal } from '../secret/reveal.ts';"],
  ['shared/policy/x.ts', "import { pino } from 'pino';"],
  ['src/tools/x.ts', "export { createSecretSource } from '../vault/resolve.ts';"],
  ['src/tools/x.ts', "const m = await import('../vault/resolve.ts');"],
  ['src/tools/x.ts', 'const m = await import(name);'],
  ['src/tools/x.ts', "import { readFileSync } from 'node:fs';"],
  ['src/cli/x.ts', "import { reveal } from '../../shared/secret/reveal.ts';"],
  ['src/cli/x.ts', "import { createSigner } from '../signer/sign.ts';"],
  ['src/cli/x.ts', "import { request } from 'undici';"],
  ['src/execute/x.ts', "import { createCourier } from '../courier/deliver.ts';"],
  ['src/execute/x.ts', "import { markSafe } from '../../shared/stages/stages.ts';"],
  ['src/courier/x.ts', "import { markAdmitted } from '../../shared/stages/stages.ts';"],
  ['src/courier/x.ts', "import { resolve } from '../vault/resolve.ts';"],
  ['src/sandbox/x.ts', "import { request } from 'undici';"],
  ['src/server/x.ts', "import { connect } from 'node:net';"],
  ['src/journal/x.ts', "import Database from 'libsql';"],
  ['src/workspace/x.ts', "import { Entry } from '@napi-rs/keyring';"],
  ['src/nowhere/x.ts', "import type { Plan } from '../../shared/stages/stages.ts';"],
];

describe('import fences', () => {
  const files = sourceFiles('shared', 'src');

  it('sees the whole tree', () => {
    expect(files.length).toBeGreaterThan(60);
  });

  it('every import keeps to the table', () => {
    expect(files.flatMap(violations)).toEqual([]);
  });

  it.each(planted)('bites: %s with %s', (path, text) => {
    expect(violations({ path, text })).not.toEqual([]);
  });

  it('lets through what is allowed', () => {
    expect(
      violations({ path: 'src/signer/x.ts', text: "import { reveal } from '../../shared/secret/reveal.ts';" }),
    ).toEqual([]);
    expect(violations({ path: 'src/network/x.ts', text: "const { Client } = await import('undici');" })).toEqual([]);
  });
});
