// What a match is worth. The rank of a document follows from it and the query alone: if it depended on other documents, as
// an inverse document frequency does, hidden ones would show in the order of the visible.

/** Where a word stands, the most telling first. The values are bits, so that a set of fields is a number. */
export const FIELD = { name: 1, path: 2, tags: 4, method: 8, url: 16, description: 32 } as const;

export type FieldName = keyof typeof FIELD;

/** All sets of fields. */
const FIELD_SETS = 64;

/** How a word of the query is met by one of a document. */
export const MATCH = { whole: 0, beginning: 1, inside: 2, oneTypo: 3, twoTypos: 4 } as const;

export type Match = (typeof MATCH)[keyof typeof MATCH];

/** The cost of what is not there. */
export const NO_MATCH = 255;

/** Costs of fields; tags and methods weigh the same. */
const fieldCosts: readonly (readonly [field: FieldName, cost: number])[] = [
  ['name', 0],
  ['path', 2],
  ['tags', 4],
  ['method', 4],
  ['url', 6],
  ['description', 8],
];

interface MatchRule {
  readonly cost: number;
  /** The least length of the query's word, in any field and in long texts. */
  readonly minChars: number;
  readonly fields: number;
}

const { name, path, tags, method, url, description } = FIELD;
const named = name | path | tags;

// In texts of many words what is merely similar would match nearly always.
const rules: Readonly<Record<Match, readonly MatchRule[]>> = {
  [MATCH.whole]: [{ cost: 0, minChars: 1, fields: named | method | url | description }],
  [MATCH.beginning]: [
    { cost: 1, minChars: 1, fields: named },
    { cost: 1, minChars: 3, fields: method | url | description },
  ],
  [MATCH.inside]: [{ cost: 10, minChars: 3, fields: named | url }],
  [MATCH.oneTypo]: [{ cost: 20, minChars: 1, fields: named | url }],
  [MATCH.twoTypos]: [{ cost: 30, minChars: 1, fields: named | url }],
};

/** The costs of a match of a word of this length, by the set of fields in which its term stands. */
export function costsOf(match: Match, chars: number): Uint8Array {
  return costTables[match]?.[Math.min(chars, costTables[match].length) - 1] ?? noCosts;
}

const LONGEST_MIN_CHARS = 3;
const noCosts = new Uint8Array(FIELD_SETS).fill(NO_MATCH);
const costTables = Object.values(MATCH).map((match) =>
  Array.from({ length: LONGEST_MIN_CHARS }, (_, at) => tableOf(match, at + 1)),
);

function tableOf(match: Match, chars: number): Uint8Array {
  return Uint8Array.from({ length: FIELD_SETS }, (_, fields) => {
    const costs = rules[match]
      .filter(({ minChars }) => chars >= minChars)
      .flatMap((rule) =>
        fieldCosts.filter(([field]) => (rule.fields & fields & FIELD[field]) !== 0).map(([, cost]) => rule.cost + cost),
      );
    return Math.min(NO_MATCH, ...costs);
  });
}

/** Ranks of a document whose name is the query, whose name begins with it, and of all others by their cost. */
export const RANK = { named: 0, beginning: 1, matched: 2 } as const;
