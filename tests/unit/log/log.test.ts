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

it('P1: a name or a code of an error is shown only where it is a word', () => {
  const { lines } = run(
    'error',
    `const named = (name, code) => Object.assign(new Error('x'), { name, code });
     log.error({ error: named('DOMException', 'ERR_INVALID_ARG') }, 'word');
     log.error({ error: named('sent Bearer sk-live-1', 'no ' + 'x'.repeat(9)) }, 'text');
     log.error({ error: named('x'.repeat(65), 7) }, 'long');`,
  );
  expect(lines.map(({ fields }) => (fields as { error: object }).error)).toMatchObject([
    { name: 'DOMException', code: 'ERR_INVALID_ARG' },
    { name: 'Error' },
    { name: 'Error' },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/sk-live|xxx/);
});

it('P1: a line of a message is no place, however much it looks like one', () => {
  const forged = 'boom\\n    at sk-live-1 (/x.js:1:1)\\n   at sk-live-2';
  const { lines } = run(
    'error',
    `const told = new Error('${forged}'); log.error({ error: told }, 'one');
     const changed = new Error('${forged}'); changed.message = 'other'; log.error({ error: changed }, 'two');
     const bare = new Error('x'); bare.stack = 'sk-live-3'; log.error({ error: bare }, 'three');`,
  );
  expect(lines.map(({ msg }) => msg)).toEqual(['one', 'two', 'three']);
  expect(JSON.stringify(lines)).not.toContain('sk-live');
  expect(lines[0]).toMatchObject({
    fields: { error: { at: expect.arrayContaining([expect.stringMatching(/^at file:/)]) } },
  });
});

it('writes nothing below its level', () => {
  expect(run('warn', `log.info({}, 'no'); log.warn({}, 'yes');`).lines).toMatchObject([{ msg: 'yes' }]);
  expect(run('silent', `log.error({}, 'no');`).lines).toEqual([]);
});
