import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { lexSealed, lexTemplate, plainTemplate, templateText } from '../../../shared/template/lex.ts';
import type { Template } from '../../../shared/template/template.ts';

const { Substitutor } = createRequire(import.meta.url)('postman-collection/lib/superstring') as {
  Substitutor: { REGEX_EXTRACT_VARS: RegExp };
};

const marked = (template: Template): string =>
  template
    .map((part) => (part.kind === 'reference' ? `«${marked(part.name)}»` : part.kind === 'text' ? part.text : '[s]'))
    .join('');

/** Postman's own way: replace the innermost references until none is left. */
function oracle(text: string): string {
  let before = '';
  let after = text;
  while (after !== before) {
    before = after;
    after = before.replace(Substitutor.REGEX_EXTRACT_VARS, (all, name: string) => (name === '' ? all : `«${name}»`));
  }
  return after;
}

describe('lexing', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['{{a}}', '«a»'],
    ['{{a}}{{b}}', '«a»«b»'],
    ['{{a_{{b}}}}', '«a_«b»»'],
    ['{{{{a}} {{b}}}}', '««a» «b»»'],
    ['{{{a}}}', '{«a»}'],
    ['{{a}b}}', '{{a}b}}'],
    ['{{a{b}}', '{{a{b}}'],
    ['{{}}', '{{}}'],
    ['{{ }}', '« »'],
    ['{ {a}}', '{ {a}}'],
    ['{{a', '{{a'],
    ['a}}', 'a}}'],
    ['{"a":{"b":{}}}', '{"a":{"b":{}}}'],
    ['{{a\nb}}', '«a\nb»'],
  ])('%j', (text, expected) => {
    expect(marked(lexTemplate(text))).toBe(expected);
    expect(oracle(text)).toBe(expected);
  });

  it('reads every text as Postman does, and loses nothing of it', () => {
    const text = fc
      .array(fc.constantFrom('{{', '}}', '{', '}', 'a', 'b '), { maxLength: 24 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (each) => {
        expect(marked(lexTemplate(each))).toBe(oracle(each));
        expect(templateText(lexTemplate(each))).toBe(each);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    [limits.templateDepth, true],
    [limits.templateDepth + 1, false],
  ])('names nested %i deep', (depth, isReference) => {
    const text = `${'{{'.repeat(depth)}a${'}}'.repeat(depth)}`;
    expect(lexTemplate(text).length === 1 && lexTemplate(text)[0]?.kind === 'reference').toBe(isReference);
    expect(templateText(lexTemplate(text))).toBe(text);
  });

  it.each(['{', '}', '{{', '}}', '{}', '{{a', '{{{a}}', '{{a}'])(
    'P12: a hundred thousand of %s lex and print again',
    (part) => {
      const text = part.repeat(100_000);
      expect(templateText(lexTemplate(text)) === text).toBe(true);
    },
  );

  it('P12: deeply nested braces do not exhaust the stack', () => {
    const text = `${'{{'.repeat(200_000)}a${'}}'.repeat(200_000)}`;
    expect(templateText(lexTemplate(text)) === text).toBe(true);
  });

  it('plainTemplate lexes nothing', () => {
    expect(plainTemplate('{{a}}')).toEqual([{ kind: 'text', text: '{{a}}' }]);
    expect(plainTemplate('')).toEqual([]);
  });
});

describe('sealed places', () => {
  it.each([
    ['hush', '[secret]'],
    ['', ''],
    ['{{a}}', '{{a}}'],
    ['pre{{a}}post', '[secret]{{a}}[secret]'],
    ['{{a}} {{b}}', '{{a}} {{b}}'],
    ['Bearer hush', 'Bearer [secret]'],
    ['Bearer {{a}}', 'Bearer {{a}}'],
    ['token  hush', 'token  [secret]'],
    ['Bearer', '[secret]'],
    ['{{a}}Basic hush', '{{a}}[secret]'],
    ['{{a_{{b}}}}', '{{a_{{b}}}}'],
  ])('P1: %j shows as %j', (text, expected) => {
    const template = lexSealed(text);
    expect(templateText(template)).toBe(expected);
    expect(JSON.stringify(template)).not.toContain('hush');
  });
});
