import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSecretReference } from '../../../shared/secret/secret-reference.ts';
import { failureOf } from '../state/temporary-home.ts';

const { good, bad, ...others } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../vectors/secret-references.json'), 'utf8'),
) as { readonly good: readonly [string, object][]; readonly bad: readonly string[] };

const named = (length: number) => `exec:${'p'.repeat(64)}/${'r'.repeat(length)}`;

describe('what a handle that points outward names', () => {
  it('the table has no other part', () => expect(others).toEqual({}));

  it.each(good)('%s', (text, expected) => {
    expect(parseSecretReference(text)).toEqual({ ok: true, value: expected });
  });

  it.each(bad.map((text) => [JSON.stringify(text), text]))('P2: %s is refused, and not repeated', (_, text) => {
    const { code, facts } = failureOf(parseSecretReference(text));
    expect(code).toBe('SECRET/INVALID');
    const said = String(facts.problem);
    expect(text.length < 12 || !said.includes(text)).toBe(true);
  });

  it('has names of at most 64 characters and references of at most 256', () => {
    expect(parseSecretReference(named(256)).ok).toBe(true);
    expect(parseSecretReference(named(257)).ok).toBe(false);
    expect(parseSecretReference(`p${named(1)}`).ok).toBe(false);
    expect(parseSecretReference(`exec:${'p'.repeat(65)}/r`).ok).toBe(false);
  });

  it('P2: whatever is accepted as a reference means nothing to a shell or an option parser', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), (text) => {
        const parsed = parseSecretReference(`exec:tool/${text}`);
        if (!parsed.ok) return;
        expect(text).toMatch(/^[A-Za-z0-9][\w./@:+-]*$/);
        expect(text.split('/')).not.toContain('..');
      }),
    );
  });
});
