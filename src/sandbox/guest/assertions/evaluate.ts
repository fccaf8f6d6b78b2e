// The two sides of an assertion. The left is a JavaScript expression over res, req and bru, where the variables of all layers stand under
// their names too; the right is a text that reads as a number, a truth value, a quoted text or a template literal.

/** What an expression may name. */
export type Names = (name: string) => { readonly value: unknown } | undefined;

const KEYWORDS = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else export extends false finally for ' +
    'function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void ' +
    'while with yield'
  ).split(' '),
);

/** Throws what the expression throws. */
export function evaluateExpression(expression: string, names: Names): unknown {
  const mentioned = new Set(
    [...expression.matchAll(/[\w.$]+/g)]
      .map(([word]) => word.replace(/^\.{3}/, '').split('.', 1)[0] ?? '')
      .filter((word) => /^[A-Za-z$_]/.test(word) && !KEYWORDS.has(word)),
  );
  const given = [...mentioned].flatMap((name) => {
    const found = names(name);
    return found ? [{ name, value: found.value }] : [];
  });
  const body = new Function(...given.map(({ name }) => name), `return (${expression}\n)`) as (
    ...values: unknown[]
  ) => unknown;
  return body(...given.map(({ value }) => value));
}

const CONSTANTS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

/** A number too large to be exact stays text. */
export function evaluateOperand(text: string, names: Names): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return trimmed;
  if (CONSTANTS.has(trimmed)) return CONSTANTS.get(trimmed);
  const number = Number(trimmed);
  if (!Number.isNaN(number)) return number > Number.MAX_SAFE_INTEGER ? trimmed : number;
  const [, , quoted] = /^(["'])(.*)\1$/s.exec(trimmed) ?? [];
  if (quoted !== undefined) return quoted;
  return evaluateExpression(`\`${trimmed}\``, names);
}
