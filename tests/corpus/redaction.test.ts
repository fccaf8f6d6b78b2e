import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../shared/redact/scrubber.ts';
import { markRaw, type SafeExchange } from '../../shared/stages/stages.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const FILES = 80;
const MOST_CHARS = 2_000_000;

describe.skipIf(!present)('redaction over ../shared/corpora', () => {
  it('P1: JSON stays JSON, what is not redacted stays byte-identical, and a second pass finds nothing', () => {
    const files = readdirSync(corpora, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    let untouched = 0;
    for (const file of files.filter((_, index) => index % Math.ceil(files.length / FILES) === 0)) {
      const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
      if (text.length > MOST_CHARS || !isJson(text)) continue;
      const { body, redactions } = redact(text);
      expect(body.kind, file).toBe('json');
      expect(isJson(body.text ?? ''), file).toBe(true);
      expect(redact(body.text ?? '').redactions.count, file).toBe(0);
      if (redactions.count > 0) continue;
      untouched += 1;
      expect(body.text).toBe(text);
    }
    expect(untouched).toBeGreaterThan(0);
  });
});

function redact(body: string): SafeExchange {
  const redacted = redactExchange({
    request: { method: 'GET', url: '/', headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', 'application/json']],
      trailers: [],
      body: new TextEncoder().encode(body),
      timing: { totalMs: 0, firstByteMs: 0 },
    }),
    redirects: [],
    scrubber: createScrubber([{ id: 'h1', value: 'xq7-Handle+Value/42=' }]),
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return redacted.value.exchange;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
