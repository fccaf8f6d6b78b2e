import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentPieces } from '../../../shared/request/agent-text.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';

const info = (name: string): HandleInfo => ({
  id: `cap_${name}`,
  name: `captured:${name}`,
  origins: ['https://h'],
  pathAllowed: false,
  createdAt: 0,
  updatedAt: 0,
  useCount: 0,
});
const there = new Set(['token_1', 'csrf-token_2', 'a.b_3']);
const lookUp = (name: string) => (there.has(name) ? info(name) : undefined);
const text = (value: string) => ({ kind: 'text', text: value });
const handle = (name: string) => ({ kind: 'handle', id: `cap_${name}`, name: `captured:${name}` });

describe('what an agent writes', () => {
  it.each<readonly [string, readonly object[]]>([
    ['', []],
    ['plain', [text('plain')]],
    ['{{captured:token_1}}', [handle('token_1')]],
    ['Bearer {{captured:token_1}}', [text('Bearer '), handle('token_1')]],
    ['{{captured:token_1}}.{{captured:a.b_3}}', [handle('token_1'), text('.'), handle('a.b_3')]],
    ['{{{captured:token_1}}}', [text('{'), handle('token_1'), text('}')]],
    ['{{captured:{{captured:token_1}}}}', [text('{{captured:'), handle('token_1'), text('}}')]],
    // Nothing else is read: neither other references nor what only looks like one.
    ['{{vault:API_KEY}} {{token}} {{$guid}}', [text('{{vault:API_KEY}} {{token}} {{$guid}}')]],
    ['{{ captured:token_1 }}', [text('{{ captured:token_1 }}')]],
    ['{{CAPTURED:token_1}}', [text('{{CAPTURED:token_1}}')]],
    ['{{captured:}}', [text('{{captured:}}')]],
    ['{{captured:token 1}}', [text('{{captured:token 1}}')]],
    ['{{captured:token_1}', [text('{{captured:token_1}')]],
    [`{{captured:${'x'.repeat(81)}}}`, [text(`{{captured:${'x'.repeat(81)}}}`)]],
  ])('%s', (written, pieces) => expect(agentPieces(written, lookUp)).toEqual({ ok: true, value: pieces }));

  it('P7: a name that is not there stops everything, and says how to go on', () => {
    for (const written of ['{{captured:token_2}}', 'x {{captured:token_1}} {{captured:gone_1}}']) {
      const { failure } = agentPieces(written, lookUp) as { failure: { code: string; facts: object } };
      expect(failure).toMatchObject({
        code: 'SECRET/CAPTURED_GONE',
        facts: { name: expect.stringContaining('{{captured:') },
      });
    }
  });

  it('says what a value has to be escaped for', () => {
    for (const inside of ['json-string', 'form'] as const)
      expect(agentPieces('a={{captured:token_1}}', lookUp, inside)).toEqual({
        ok: true,
        value: [text('a='), { ...handle('token_1'), inside }],
      });
  });

  it('loses nothing of any text, and refers to nothing but what is there', () => {
    const part = fc.constantFrom(
      '{{captured:token_1}}',
      '{{captured:a.b_3}}',
      '{{',
      '}}',
      'captured:',
      'token_1',
      '{{vault:X}}',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const written = parts.join('');
        const pieces = agentPieces(written, lookUp);
        if (!pieces.ok) return;
        const back = pieces.value.map((piece) =>
          piece.kind === 'text' ? piece.text : `{{${piece.kind === 'handle' ? piece.name : ''}}}`,
        );
        expect(back.join('')).toBe(written);
      }),
    );
  });
});
