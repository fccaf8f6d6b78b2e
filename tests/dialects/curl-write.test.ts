import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curl } from '../../shared/dialects/curl/curl.ts';
import { quoteWord } from '../../shared/dialects/curl/quote-word.ts';
import { splitShell } from '../../shared/dialects/curl/shell-words.ts';
import { curlWriter } from '../../shared/dialects/curl/write.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import '../property-seed.ts';
import { goldenSources, isWritten, readBack, sentText, writeAgain } from './write-round-trip.ts';

const sources = (await goldenSources(['curl', 'har', 'http-file', 'postman'])).filter(isWritten);

describe('the curl writer', () => {
  it.each(sources)('writes $from so that reading and writing it again changes nothing', ({ writable }) => {
    const [first, second] = writeAgain(curlWriter, curl, writable);
    expect(second.files).toEqual(first.files);
  });

  it.each(sources.filter(({ from }) => from.startsWith('curl/')))('loses nothing that $from sends', ({ writable }) => {
    const again = readBack(curl, curlWriter.write(writable));
    const executed = writable.requests.filter(({ entry }) => entry.notExecutable === undefined);
    expect(again.requests.map(({ entry }) => [entry.name, entry.folders])).toEqual(
      executed.map(({ entry }) => [entry.name, entry.folders]),
    );
    expect(again.requests.map(({ template }) => sentText(template))).toEqual(
      executed.map(({ template }) => sentText(template)),
    );
    expect(again.variables.map(({ name }) => name)).toEqual(writable.variables.map(({ name }) => name));
  });
});

// NUL cannot stand in an argument of a program, and a lone surrogate in no UTF-8 text.
const word = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', ''));

describe('a quoted word', () => {
  it('is split again to the same text', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const line = words.map((text) => quoteWord(lexTemplate(text))).join(' ');
        const { tokens, error } = splitShell(line);
        expect(error).toBeUndefined();
        expect(tokens.map(({ text }) => text)).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  it('is to sh what it is to us', () => {
    const texts = fc.sample(word, 40).filter((text) => !text.includes('{{'));
    const awkward = [
      "it's",
      '"$HOME"',
      '`id`',
      'a\\',
      '-n',
      '',
      ' ',
      'a\nb',
      '*',
      '~',
      '{a,b}',
      '#',
      '!x',
      "''",
      '{{vault:a}}',
      'é😀',
    ];
    const all = [...awkward, ...texts];
    const command = `printf '%s\\n---\\n' ${all.map((text) => quoteWord(lexTemplate(text))).join(' ')}`;
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stdout).toBe(all.map((text) => `${text}\n---\n`).join(''));
  });
});
