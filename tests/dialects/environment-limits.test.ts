import { describe, expect, it } from 'vitest';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { insomnia } from '../../shared/dialects/insomnia/insomnia.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { opencollection } from '../../shared/dialects/opencollection/opencollection.ts';
import { limits } from '../../shared/limits.ts';
import { templateText } from '../../shared/template/lex.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

function read(dialect: Dialect, files: Readonly<Record<string, string>>): Documents {
  const reader = dialect.createReader();
  for (const [file, text] of Object.entries(files)) expect(reader.put(lookAt(file, text)).ok).toBe(true);
  return reader.documents();
}

const problemsOf = ({ collections, problems }: Documents) =>
  [...problems, ...collections.flatMap((each) => each.problems)].map(({ code, facts, where }) => [
    code,
    facts.limit ?? facts.problem,
    where?.line,
  ]);

describe('environments of OpenCollection', () => {
  const head = 'opencollection: 1.0.0\ninfo:\n  name: x\nconfig:\n  environments:\n';
  const named = (count: number): string =>
    range(count)
      .map((at) => `    - name: e${at}\n`)
      .join('');
  const open = (environments: string, more: Readonly<Record<string, string>> = {}): Documents =>
    read(opencollection, { 'opencollection.yml': head + environments, ...more });
  /** Each extends the next; two lines for each. */
  const chain = (count: number): string =>
    range(count)
      .map((at) => `    - { name: e${at}, variables: [{ name: v${at}, value: x }]\n      , extends: e${at + 1} }\n`)
      .join('')
      .replace(/, extends: e\d+ }\n$/, '}\n');

  it(`P12: ${limits.environmentDepth} may extend each other, and one more is a problem`, () => {
    const [inside, outside] = [0, 1].map((more) => open(chain(limits.environmentDepth + more)));
    expect(inside?.environments[0]?.variables).toHaveLength(limits.environmentDepth);
    expect(inside && problemsOf(inside)).toEqual([]);
    expect(outside?.environments[0]?.variables).toHaveLength(limits.environmentDepth);
    expect(outside?.environments[1]?.variables).toHaveLength(limits.environmentDepth);
    expect(outside && problemsOf(outside)).toEqual([['COLLECTION/TOO_MANY', limits.environmentDepth, 6]]);
  });

  it('P12: of thousands that are wrong the first are told with their places, the others counted', () => {
    const documents = open(chain(10_000));
    const problems = problemsOf(documents);
    expect(documents.environments).toHaveLength(10_000);
    expect(problems).toHaveLength(limits.fileProblems + 1);
    expect(problems[1]).toEqual(['COLLECTION/TOO_MANY', limits.environmentDepth, 8]);
    const others = 10_000 - limits.environmentDepth - limits.fileProblems;
    expect(problems.at(-1)).toEqual(['COLLECTION/MALFORMED', `and ${others} more problems`, undefined]);
  });

  it('P12: a collection has so many', () => {
    const count = limits.collectionEnvironments;
    expect(problemsOf(open(named(count)))).toEqual([]);
    const documents = open(named(count + 1));
    expect(documents.environments).toHaveLength(count);
    expect(problemsOf(documents)).toEqual([['COLLECTION/TOO_MANY', count, 6 + count]]);
  });

  it('P12: their variables count wherever they are inherited, and an environment beyond that is left out', () => {
    const own = 5_000;
    const dotEnv = range(own)
      .map((at) => `K${at}=v\n`)
      .join('');
    const fits = limits.environmentVariables / own;
    const environments = (count: number): string =>
      range(count)
        .map((at) => `    - { name: e${at}, dotEnvFilePath: of/.env }\n`)
        .join('');
    const files = { 'of/.env': dotEnv };
    expect(problemsOf(open(environments(fits), files))).toEqual([]);
    const documents = open(`${environments(fits + 1)}    - name: last\n`, files);
    expect(documents.environments.map(({ name }) => name)).toEqual([...range(fits).map((at) => `e${at}`), 'last']);
    expect(problemsOf(documents)).toEqual([['COLLECTION/TOO_MANY', limits.environmentVariables, 6 + fits]]);
    expect(documents.environments[1]?.variables).toBe(documents.environments[0]?.variables);
  });

  it('one that is stated again further in hides the inherited one, and a disabled one does not', () => {
    const { environments } = open(
      [
        '    - name: far\n      variables: [{ name: a, value: far }, { name: b, value: far }, { name: c, value: far }]\n',
        '    - { name: near, extends: far, variables: [{ name: a, value: near }, { name: b, value: near, disabled: true }] }\n',
      ].join(''),
    );
    expect(environments[1]?.variables.map(({ name, value }) => `${name} ${templateText(value)}`)).toEqual([
      'b far',
      'c far',
      'a near',
      'b near',
    ]);
  });
});

describe('environments of Insomnia', () => {
  const resource = (id: string, parentId: string, data: object): object => ({
    _id: id,
    _type: 'environment',
    name: id,
    parentId,
    data,
  });
  const variables = (count: number): object =>
    Object.fromEntries(range(count).map((at) => [`v${at}`, `{{ _.v${at + 1} }}`]));
  const exported = (...environments: readonly object[]): Documents => {
    const resources = [{ _id: 'w', _type: 'workspace', name: 'w' }, ...environments];
    return read(insomnia, { 'i.json': JSON.stringify({ _type: 'export', __export_format: 4, resources }) });
  };
  const v5 = (type: string, count: number): Documents =>
    read(insomnia, {
      'i.yaml': `type: ${type}.insomnia.rest/5.0\nname: x\nenvironments:\n  name: base\n  subEnvironments:\n${range(
        count,
      )
        .map((at) => `    - name: e${at}\n`)
        .join('')}`,
    });

  it('P12: a file has so many, its base environment among them', () => {
    const some = (count: number): Documents =>
      exported(resource('base', 'w', {}), ...range(count).map((at) => resource(`e${at}`, 'base', {})));
    expect(problemsOf(some(limits.collectionEnvironments - 1))).toEqual([]);
    const documents = some(limits.collectionEnvironments);
    expect(documents.environments).toHaveLength(limits.collectionEnvironments - 1);
    expect(problemsOf(documents)).toEqual([['COLLECTION/TOO_MANY', limits.collectionEnvironments, 1]]);
  });

  for (const type of ['collection', 'environment']) {
    it(`P12: so does one of version 5 that is of the type ${type}`, () => {
      expect(problemsOf(v5(type, limits.collectionEnvironments - 1))).toEqual([]);
      expect(problemsOf(v5(type, limits.collectionEnvironments))).toEqual([
        ['COLLECTION/TOO_MANY', limits.collectionEnvironments, 5 + limits.collectionEnvironments],
      ]);
    });
  }

  it('P12: a file has so many variables in them; an environment beyond that is left out', () => {
    const half = limits.exportedVariables / 2;
    const inside = exported(resource('base', 'w', variables(half)), resource('a', 'base', variables(half)));
    expect(problemsOf(inside)).toEqual([]);
    expect(inside.collections[0]?.variables()).toHaveLength(half);
    const outside = exported(
      resource('base', 'w', variables(half)),
      resource('a', 'base', variables(half + 1)),
      resource('b', 'base', { one: 1 }),
    );
    expect(outside.environments.map(({ name }) => name)).toEqual(['b']);
    expect(problemsOf(outside)).toEqual([['COLLECTION/TOO_MANY', limits.exportedVariables, 1]]);
  });
});
