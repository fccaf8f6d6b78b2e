import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../../dist/src/log/log.js', import.meta.url));

/** Runs statements that log, in a process of their own, and gives what it wrote. */
function run(level: string, statements: string) {
  const script = `import { createLog } from ${JSON.stringify(built)}; const log = createLog(${JSON.stringify(level)}); ${statements}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return {
    stdout,
    status,
    lines: stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

it('P1: writes redacted lines to stderr and nothing to stdout', () => {
  const { stdout, status, lines } = run(
    'info',
    `log.info({ correlationId: 'c-1', password: 'p4ss', deep: { api_key: 'k3y' } }, 'hello');`,
  );
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  expect(lines).toMatchObject([{ msg: 'hello', fields: { correlationId: 'c-1' } }]);
  expect(JSON.stringify(lines)).not.toMatch(/p4ss|k3y/);
});

it('P1: an error shows its name, code and place, never its message', () => {
  const { lines } = run(
    'error',
    `log.error({ error: Object.assign(new Error('sent sk-live-1'), { code: 'ECONN' }) }, 'failed');`,
  );
  expect(lines).toMatchObject([{ msg: 'failed', fields: { error: { name: 'Error', code: 'ECONN' } } }]);
  expect(JSON.stringify(lines)).not.toContain('sk-live-1');
});

it('writes nothing below its level', () => {
  expect(run('warn', `log.info({}, 'no'); log.warn({}, 'yes');`).lines).toMatchObject([{ msg: 'yes' }]);
  expect(run('silent', `log.error({}, 'no');`).lines).toEqual([]);
});
