import { type Observed, observedLayers } from './postman-scripts-observed.ts';

export interface ScriptDifference {
  readonly part: 'test' | 'message' | 'error' | 'variable' | 'request' | 'next' | 'sends' | 'skipped' | 'unsupported';
  /** Name of the test, layer and name of the variable. */
  readonly where: string;
  readonly newman: string;
  readonly keyward: string;
}

/** Stands for what one client has and the other has not. */
export const ABSENT = '(absent)';

/** Compares what came of the same scripts; the time at which they ran does not count. */
export function compareObserved(newman: Observed, keyward: Observed): readonly ScriptDifference[] {
  return [
    ...compareTests(newman, keyward),
    ...compareMaps('error', indexed(newman.errors), indexed(keyward.errors)),
    ...observedLayers.flatMap((layer) =>
      compareMaps('variable', named(layer, newman.variables[layer]), named(layer, keyward.variables[layer])),
    ),
    ...compareMaps('request', indexed(newman.request ?? []), indexed(keyward.request ?? [])),
    ...compareMaps('next', single(newman.next), single(keyward.next)),
    ...compareMaps('sends', single(newman.sends), single(keyward.sends)),
    ...compareMaps('skipped', single(newman.skipped), single(keyward.skipped)),
    ...compareMaps('unsupported', new Map(), indexed(keyward.unsupported)),
  ];
}

type Texts = ReadonlyMap<string, string>;

// The same name may be used for several tests: the n-th of one is compared with the n-th of the other.
function compareTests(newman: Observed, keyward: Observed): readonly ScriptDifference[] {
  const [left, right] = [newman, keyward].map(({ tests }) => numbered(tests));
  const status = (tests: typeof left): Texts => new Map([...(tests ?? [])].map(([name, test]) => [name, test.status]));
  const message = (tests: typeof left): Texts =>
    new Map([...(tests ?? [])].map(([name, test]) => [name, timeless(test.message ?? '')]));
  const order = { newman: [...(left?.keys() ?? [])].join('\n'), keyward: [...(right?.keys() ?? [])].join('\n') };
  return [
    ...compareMaps('test', status(left), status(right)),
    ...compareMaps('message', message(left), message(right)),
    ...(order.newman === order.keyward ? [] : [{ part: 'test' as const, where: 'order', ...order }]),
  ];
}

function numbered(tests: Observed['tests']): ReadonlyMap<string, Observed['tests'][number]> {
  const counts = new Map<string, number>();
  return new Map(
    tests.map((test) => {
      const count = (counts.get(test.name) ?? 0) + 1;
      counts.set(test.name, count);
      return [count === 1 ? timeless(test.name) : `${timeless(test.name)} (${count})`, test];
    }),
  );
}

function compareMaps(part: ScriptDifference['part'], left: Texts, right: Texts): readonly ScriptDifference[] {
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((where) => {
    const [newman, keyward] = [left.get(where) ?? ABSENT, right.get(where) ?? ABSENT];
    return newman === keyward ? [] : [{ part, where, newman, keyward }];
  });
}

function indexed(texts: readonly string[]): Texts {
  return new Map(texts.map((text, index) => [String(index), timeless(text)]));
}

function named(layer: string, values: Readonly<Record<string, unknown>>): Texts {
  return new Map(Object.entries(values).map(([name, value]) => [`${layer} ${name}`, timeless(written(value))]));
}

function single(value: unknown): Texts {
  return value === undefined ? new Map() : new Map([['', written(value)]]);
}

function written(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

const TIMES =
  /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?|\b1[6-9]\d{8}(?:\d{3})?\b|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} \d\d \d{4}[^"]*|\d{1,2}\/\d{1,2}\/\d{4}, \d{1,2}:\d\d:\d\d\s[AP]M/g;

function timeless(text: string): string {
  return text.replace(TIMES, 'TIME');
}
