import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { logFields } from '../../../src/log/log.ts';

const built = fileURLToPath(new URL('../../../dist/src/log/log.js', import.meta.url));

interface Told {
  readonly stdout: string;
  readonly status: number | null;
  readonly lines: readonly Record<string, unknown>[];
}

const waiting = new Map<string, { readonly level: string; readonly statements: string }>();
let told: ReadonlyMap<string, Told> | undefined;

/** Notes statements that log; all that were noted run in one process of its own, and each gives what it wrote there. */
function running(level: string, statements: string): () => Told {
  const name = `case ${waiting.size}`;
  waiting.set(name, { level, statements });
  return () => {
    told ??= runAll();
    return told.get(name) ?? { stdout: 'not run', status: null, lines: [] };
  };
}

function runAll(): ReadonlyMap<string, Told> {
  const parts = [...waiting].map(
    ([name, { level, statements }]) =>
      `{ const log = createLog(${JSON.stringify(level)}); ${statements} }\n createLog('info').info({}, ${JSON.stringify(`end of ${name}`)});`,
  );
  const script = `import { createLog } from ${JSON.stringify(built)};\n${parts.join('\n')}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  const lines = stderr
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const all = new Map<string, Told>();
  for (const name of waiting.keys()) {
    const end = lines.findIndex(({ msg }) => msg === `end of ${name}`);
    all.set(name, { stdout, status: end < 0 ? null : status, lines: lines.splice(0, end + 1).slice(0, -1) });
  }
  return all;
}

const SHAPED = `ghp_${'a1B2c3D4'.repeat(4)}5e6F`;

const toldFields = running(
  'info',
  `log.info({ correlationId: 'c-1', password: 'p4ss', deep: { api_key: 'k3y' }, later: 'l8r' }, 'hello');
     for (const field of ${JSON.stringify(logFields)}) {
       log.info({ [field]: field === 'error' ? Object.assign(new Error('${SHAPED}'), { code: '${SHAPED}' }) : '${SHAPED}' }, '${SHAPED}');
       log.info({ [field]: { api_key: 'k3y' } }, field);
     }`,
);

it('P1: writes redacted lines of known fields to stderr and nothing to stdout', () => {
  const { stdout, status, lines } = toldFields();
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  expect(lines[0]).toMatchObject({ msg: 'hello', fields: { correlationId: 'c-1' } });
  expect(lines).toHaveLength(1 + 2 * logFields.length);
  const members = new Set(lines.flatMap((line) => Object.keys(line)));
  expect([...members].sort()).toEqual(['fields', 'level', 'msg', 'time']);
  expect(JSON.stringify(lines)).not.toMatch(/p4ss|k3y|l8r|a1B2c3D4/);
});

const toldOfError = running(
  'error',
  `log.error({ error: Object.assign(new Error('sent sk-live-1'), { code: 'ECONN' }) }, 'failed');`,
);

it('P1: an error shows its name, code and place, never its message', () => {
  const { lines } = toldOfError();
  expect(lines).toMatchObject([{ msg: 'failed', fields: { error: { name: 'Error', code: 'ECONN' } } }]);
  expect(JSON.stringify(lines)).not.toContain('sk-live-1');
});

const toldOfWords = running(
  'error',
  `const named = (name, code) => Object.assign(new Error('x'), { name, code });
     log.error({ error: named('DOMException', 'ERR_INVALID_ARG') }, 'word');
     log.error({ error: named('sent Bearer sk-live-1', 'no ' + 'x'.repeat(9)) }, 'text');
     log.error({ error: named('x'.repeat(65), 7) }, 'long');`,
);

it('P1: a name or a code of an error is shown only where it is a word', () => {
  const { lines } = toldOfWords();
  expect(lines.map(({ fields }) => (fields as { error: object }).error)).toMatchObject([
    { name: 'DOMException', code: 'ERR_INVALID_ARG' },
    { name: 'Error' },
    { name: 'Error' },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/sk-live|xxx/);
});

const forged = 'boom\\n    at sk-live-1 (/x.js:1:1)\\n   at sk-live-2';
const toldOfPlaces = running(
  'error',
  `const told = new Error('${forged}'); log.error({ error: told }, 'one');
     const changed = new Error('${forged}'); changed.message = 'other'; log.error({ error: changed }, 'two');
     const bare = new Error('x'); bare.stack = 'sk-live-3'; log.error({ error: bare }, 'three');`,
);

it('P1: a line of a message is no place, however much it looks like one', () => {
  const { lines } = toldOfPlaces();
  expect(lines.map(({ msg }) => msg)).toEqual(['one', 'two', 'three']);
  expect(JSON.stringify(lines)).not.toContain('sk-live');
  expect(lines[0]).toMatchObject({
    fields: { error: { at: expect.arrayContaining([expect.stringMatching(/^at file:/)]) } },
  });
});

const toldAtWarn = running('warn', `log.info({}, 'no'); log.warn({}, 'yes');`);
const toldAtSilent = running('silent', `log.error({}, 'no');`);

it('writes nothing below its level', () => {
  expect(toldAtWarn()).toMatchObject({ status: 0, lines: [{ msg: 'yes' }] });
  expect(toldAtSilent()).toMatchObject({ status: 0, lines: [] });
});
