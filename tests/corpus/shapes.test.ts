// What the rules for free text take from real documents, collections and traces: every place is listed with the reason why it may go.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactText, redactUrl } from '../../shared/redact/redact-fields.ts';
import explained from './shapes.json' with { type: 'json' };

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const URL_TEXT = /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/|\/|\?|\{\{[^{}]{1,128}\}\})[^\s]*$/i;

describe.skipIf(!present)('what the shapes take from ../shared/corpora', () => {
  it('P1: is a credential, or stands where one belongs', () => {
    const taken = new Map<string, number>();
    let strings = 0;
    for (const text of texts(corpora)) {
      strings += 1;
      if (text.length < 8) continue;
      for (const place of takenFrom(text)) taken.set(place, (taken.get(place) ?? 0) + 1);
    }
    expect(strings).toBeGreaterThan(400_000);
    const reasons = new Map(explained.flatMap(({ why, places }) => places.map((place) => [place, why] as const)));
    expect(Array.from(taken.keys()).filter((place) => !reasons.has(place))).toEqual([]);
    expect(Array.from(reasons.keys()).filter((place) => !taken.has(place))).toEqual([]);
  });
});

function* texts(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    const parsed = parse(text);
    if (parsed === undefined) yield* text.split('\n');
    else yield* strings(parsed);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      yield name;
      yield* strings(child);
    }
  }
}

/** The first characters of each place that is taken, enough to tell it by and too few to be a credential. */
function takenFrom(text: string): string[] {
  const url = URL_TEXT.test(text) ? redactUrl(text) : { text, count: 0 };
  const shown = redactText(url.text);
  if (url.count + shown.count === 0) return [];
  const kept = shown.text.split('[redacted]');
  const places: string[] = [];
  let from = 0;
  kept.slice(0, -1).forEach((part, index) => {
    const start = text.indexOf(part, from) + part.length;
    const next = kept[index + 1] ?? '';
    const end = next === '' ? text.length : text.indexOf(next, start);
    const before = text.slice(Math.max(0, start - 24), start).replace(/\s+/g, ' ');
    places.push(`${before}|${text.slice(start, Math.min(end, start + 6)).replace(/\s+/g, ' ')}`);
    from = end;
  });
  return places;
}
