// What is published stands alone: the bundle, the packages it is installed with, and the licences of what is part of it.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/keyward');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages: string[] = Object.keys(manifest.dependencies);
let installed: string;

/** The package as npm would install it: its files, and no other package than those it depends on. */
beforeAll(() => {
  expect(inject('buildProblem')).toBe('');
  installed = mkdtempSync(join(tmpdir(), 'keyward-installed-'));
  for (const name of ['package.json', 'bin', 'dist/keyward'])
    cpSync(join(root, name), join(installed, name), { recursive: true });
  for (const name of packages) {
    const target = join(installed, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), target);
  }
});
afterAll(() => rmSync(installed, { recursive: true, force: true }));

const code = () =>
  readdirSync(built)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(built, name), 'utf8'))
    .join('\n');

it('lists the bundle and nothing else that was built', () => {
  expect(manifest.files.filter((name: string) => name.includes('dist'))).toEqual(['dist/keyward']);
});

it('needs every package that it is installed with', () => {
  const text = code();
  const isNeeded = (name: string) => text.includes(`"${name}"`) || text.includes(`"${name}/`);
  expect(packages.filter((name) => !isNeeded(name))).toEqual([]);
  expect(isNeeded('@modelcontextprotocol/server')).toBe(false);
});

it('carries the licences of what is part of it', () => {
  const licences = readFileSync(join(built, 'licenses.txt'), 'utf8');
  // Of the SDK, and of what it was bundled with itself.
  for (const name of ['@modelcontextprotocol/server', 'zod', 'ajv', 'fast-uri'])
    expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  expect(licences.match(/permission notice/gi)?.length).toBeGreaterThanOrEqual(3);
});

it('runs where it was installed, away from its sources', async () => {
  const child = spawn(process.execPath, [join(installed, 'bin/keyward.js'), 'list', 'collections', installed], {
    env: { PATH: process.env.PATH ?? '', KEYWARD_HOME: join(installed, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(status, text).toBe(0);
});
