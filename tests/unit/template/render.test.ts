import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { lexTemplate } from '../../../shared/template/lex.ts';
import { displayRendered, renderedText, renderTemplate } from '../../../shared/template/render.ts';
import vectors from '../../vectors/template-render.json' with { type: 'json' };
import { handle, lookupIn, scopeOf, shown, type VariableRow, variables } from './scope-of.ts';

interface Case {
  readonly name: string;
  readonly template: string;
  readonly agent?: Record<string, string>;
  readonly environment?: VariableRow[];
  readonly folders?: VariableRow[][];
  readonly collection?: VariableRow[];
  readonly globals?: VariableRow[];
  readonly text?: string;
  readonly failure?: string;
  readonly facts?: Record<string, string>;
}

const known = [
  'name',
  'template',
  'agent',
  'environment',
  'folders',
  'collection',
  'globals',
  'text',
  'failure',
  'facts',
];
const cases = vectors.cases as unknown as readonly Case[];
const handles = lookupIn(vectors.handles.map((name) => handle(name)));

describe('rendering', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    expect(Object.keys(each).filter((key) => !known.includes(key))).toEqual([]);
    const scope = scopeOf({
      ...(each.agent && { agent: each.agent }),
      environment: variables(each.environment),
      folders: (each.folders ?? []).map(variables),
      collection: variables(each.collection),
      globals: [variables(each.globals)],
      handles,
      secretNames: vectors.handles,
    });
    const rendered = renderTemplate(lexTemplate(each.template), scope);
    if (rendered.ok) expect({ text: shown(rendered.value) }).toEqual({ text: each.text });
    else expect(rendered.failure).toEqual({ code: each.failure, facts: each.facts });
  });

  it('several files of globals: the first that knows the name wins', () => {
    const scope = scopeOf({
      globals: [
        variables([['a', '1']]),
        variables([
          ['a', '2'],
          ['b', '3'],
        ]),
      ],
    });
    const rendered = renderTemplate(lexTemplate('{{a}}{{b}}'), scope);
    expect(rendered.ok && shown(rendered.value)).toBe('13');
  });

  it('joins neighbouring texts into one piece', () => {
    const rendered = renderTemplate(lexTemplate('a{{x}}b{{x}}c'), scopeOf({ collection: variables([['x', '1']]) }));
    expect(rendered).toEqual({ ok: true, value: [{ kind: 'text', text: 'a1b1c' }] });
  });

  it('gives no text for what holds a secret, and shows it as [secret]', () => {
    const scope = scopeOf({ collection: variables([['s', 'hush', 'sealed']]) });
    const rendered = renderTemplate(lexTemplate('a{{s}}'), scope);
    expect(rendered.ok && renderedText(rendered.value)).toBeUndefined();
    expect(rendered.ok && displayRendered(rendered.value)).toBe('a[secret]');
    expect(JSON.stringify(rendered)).not.toContain('hush');
  });
});

const chain = (length: number): VariableRow[] =>
  Array.from({ length }, (_, index) => [`v${index}`, index === length - 1 ? 'end' : `{{v${index + 1}}}`]);

describe('limits', () => {
  it.each([
    [limits.templateDepth, 'end'],
    [limits.templateDepth + 1, 'TEMPLATE/TOO_DEEP'],
  ])('a chain of %i variables', (length, expected) => {
    const rendered = renderTemplate(lexTemplate('{{v0}}'), scopeOf({ collection: variables(chain(length)) }));
    expect(rendered.ok ? shown(rendered.value) : rendered.failure.code).toBe(expected);
  });

  it.each(['x', ''])('P12: variables that multiply stop at once, with the leaf "%s"', (leaf) => {
    const rows = Array.from(
      { length: 15 },
      (_, index): VariableRow => [`v${index}`, index === 14 ? leaf : `{{v${index + 1}}}`.repeat(20)],
    );
    const rendered = renderTemplate(lexTemplate('{{v0}}'), scopeOf({ collection: variables(rows) }));
    expect(rendered.ok ? 'rendered' : rendered.failure.code).toBe('TEMPLATE/TOO_LARGE');
  });

  it.each([
    [0, 'rendered'],
    [1, 'TEMPLATE/TOO_LARGE'],
  ])('a value that is with its name %i characters over the limit', (over, expected) => {
    const scope = scopeOf({ agent: { a: 'x'.repeat(limits.renderedBytes - 1 + over) } });
    const rendered = renderTemplate(lexTemplate('{{a}}'), scope);
    expect(rendered.ok ? 'rendered' : rendered.failure.code).toBe(expected);
  });

  it('the budget covers all renderings of a scope', () => {
    const scope = scopeOf({ agent: { a: 'x'.repeat(limits.renderedBytes / 2 + 1) } });
    const codes = [1, 2]
      .map(() => renderTemplate(lexTemplate('{{a}}'), scope))
      .map((each) => each.ok || each.failure.code);
    expect(codes).toEqual([true, 'TEMPLATE/TOO_LARGE']);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('{{', '}}', '{', '}', 'vault:', 'api_key', '$guid', 'env', 'a'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

describe('agent data', () => {
  it('P8: what the agent supplies is never rendered again', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom('{{a}}', '<{{a}}>', '{{a}}{{b}}', '{{w}}'), (a, b, template) => {
        const scope = scopeOf({
          agent: { a, b },
          environment: variables([
            ['env', 'ENV'],
            ['w', '[{{a}}{{b}}]'],
          ]),
          handles: lookupIn([handle('api_key')]),
        });
        const rendered = renderTemplate(lexTemplate(template), scope);
        const expected = template.replace('{{w}}', '[{{a}}{{b}}]').replace('{{a}}', () => a);
        const at = expected.lastIndexOf('{{b}}');
        const whole =
          template === '{{a}}' || template === '<{{a}}>'
            ? expected
            : `${expected.slice(0, at)}${b}${expected.slice(at + 5)}`;
        expect(rendered.ok && renderedText(rendered.value)).toBe(whole);
      }),
    );
  });

  it('P8: no name that the agent takes part in is a handle or a dynamic variable', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('{{{{a}}}}', '{{vault:{{a}}}}', '{{v{{a}}}}', '{{$x{{a}}}}', '{{x}}'),
        (a, template) => {
          const scope = scopeOf({
            agent: { a },
            environment: variables([
              ['x', '{{vault:{{y}}}}'],
              ['y', '{{a}}'],
            ]),
            handles: () => handle('api_key'),
            dynamic: () => 'DYNAMIC',
          });
          const rendered = renderTemplate(lexTemplate(template), scope);
          const pieces = rendered.ok ? rendered.value : [];
          expect(pieces.filter((piece) => piece.kind !== 'text' || piece.text === 'DYNAMIC')).toEqual([]);
        },
      ),
    );
  });
});
