import type { DialectName } from '../collection/dialect-name.ts';
import type { Variable } from '../collection/model.ts';
import type { ExportFormat, Loss } from '../dialects/writer.ts';
import { type FileLayer, precedence } from '../template/precedence.ts';
import type { OpenedCollection } from './take-secrets.ts';

const readAs: Readonly<Record<ExportFormat, DialectName>> = {
  postman: 'postman',
  opencollection: 'opencollection',
  bruno: 'bruno',
  insomnia: 'insomnia',
  curl: 'curl',
  http: 'http-file',
};

/** A loss for each pair of places that state a variable of one name and of which the other one wins in the target format. */
export function changedPrecedence(opened: OpenedCollection, format: ExportFormat): readonly Loss[] {
  const before = precedence[opened.collection.dialect];
  const after = precedence[readAs[format]];
  const names = namesByLayer(opened);
  return before.flatMap((winner, at) =>
    before.slice(at + 1).flatMap((loser) => {
      if (after.indexOf(winner) < after.indexOf(loser)) return [];
      const shared = [...names[winner]].some((name) => names[loser].has(name));
      const what = `a variable of the ${loser} wins over one of the same name of the ${winner} in ${format}, not the other way round`;
      return shared ? [{ what }] : [];
    }),
  );
}

function namesByLayer(opened: OpenedCollection): Readonly<Record<FileLayer, ReadonlySet<string>>> {
  const { variables, requests, environments } = opened;
  const of = (kind: 'environment' | 'globals') =>
    environments.filter((each) => each.kind === kind).flatMap((each) => each.variables);
  return {
    environment: enabledNames(of('environment')),
    folder: enabledNames(requests.flatMap(({ template }) => template.folderVariables.flat())),
    collection: enabledNames(variables),
    globals: enabledNames(of('globals')),
  };
}

function enabledNames(variables: readonly Variable[]): ReadonlySet<string> {
  return new Set(variables.filter(({ enabled }) => enabled).map(({ name }) => name));
}
