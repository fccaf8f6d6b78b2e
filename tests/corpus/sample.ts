// What of a large corpus is enough for one run of all tests; FULL=1 takes all of it.

export const full = process.env.FULL === '1';

/** Every so many, and each that is the first with a kind of auth, body or method among those before it. */
export function sample<One>(all: readonly One[], every: number, textOf: (one: One) => string): readonly One[] {
  const seen = new Set<string>();
  return all.filter((one, index) => {
    const kinds = kindsOf(textOf(one)).filter((kind) => !seen.has(kind));
    for (const kind of kinds) seen.add(kind);
    return full || index % every === 0 || kinds.length > 0;
  });
}

/** What a collection says in JSON, YAML or Bru of the kinds of its parts. */
function kindsOf(text: string): readonly string[] {
  const stated = text.matchAll(/^[\s{,"-]*\b(type|mode|method|auth|body)"? ?: ?"?(\w[\w-]*)"?[\s,}]*$/gm);
  return Array.from(stated, ([, part, kind]) => `${part} ${kind}`);
}
