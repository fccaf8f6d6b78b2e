// What stands in `{{ … }}`: `_.a.b`, `a.b`, `_['my-name'][0].x`, a literal; anything else is an expression.

export type Expression =
  | { readonly kind: 'path'; readonly steps: readonly string[] }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'other' };

const FIRST = /[^\s.[\]'"|(){}<>=!+*/,:;%&~^?\\-][^\s.[\]'"|(){}<>=!+*/,:;%&~^?\\]*/y;
const STEP = /\s*(?:\.\s*([^\s.[\]'"|(){}<>=!+*/,:;%&~^?\\]+)|\[\s*(?:(\d+)|'([^'\\]*)'|"([^"\\]*)")\s*\])/y;
const LITERAL = /^(?:'([^'\\]*)'|"([^"\\]*)"|(-?\d+(?:\.\d+)?|true|false))$/;

/** Reads an expression. The leading `_`, which only names the environment, is no step. */
export function readExpression(inner: string): Expression {
  const literal = LITERAL.exec(inner);
  if (literal) return { kind: 'literal', text: literal[1] ?? literal[2] ?? literal[3] ?? '' };
  const steps = readSteps(inner);
  if (!steps) return { kind: 'other' };
  const named = steps[0] === '_' ? steps.slice(1) : steps;
  return named.length === 0 ? { kind: 'other' } : { kind: 'path', steps: named };
}

function readSteps(inner: string): string[] | undefined {
  FIRST.lastIndex = 0;
  const first = FIRST.exec(inner);
  if (!first) return undefined;
  const steps = [first[0]];
  let at = first[0].length;
  while (at < inner.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(inner);
    if (!step) return undefined;
    steps.push(step[1] ?? step[2] ?? step[3] ?? step[4] ?? '');
    at = STEP.lastIndex;
  }
  return steps;
}
