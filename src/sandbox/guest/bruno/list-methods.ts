// What every list of Bruno's (headers, cookies) can be asked for. Of several items with one name the last is given.

interface Item {
  readonly key: string;
  readonly value: unknown;
}

type Reducer = (this: unknown, sum: unknown, item: Item, index: number) => unknown;
type Callback = (this: unknown, item: Item, index: number) => unknown;

/** Reads `items` anew with each call; `isSame` compares names. */
export function listMethods(items: () => readonly Item[], isSame: (one: unknown, other: unknown) => boolean) {
  const one = (name: unknown): Item | undefined => items().findLast(({ key }) => isSame(key, name));
  const keyOf = (name: unknown): unknown =>
    typeof name === 'object' && name !== null && 'key' in name ? name.key : name;
  return {
    get: (name: unknown) => one(name)?.value,
    one,
    all: () => [...items()],
    toJSON: () => [...items()],
    count: () => items().length,
    has: (name: unknown, value?: unknown) =>
      items().some((item) => isSame(item.key, keyOf(name)) && (value === undefined || item.value === value)),
    indexOf: (wanted: unknown) =>
      items().findIndex(
        (item) =>
          isSame(item.key, keyOf(wanted)) &&
          (typeof wanted === 'string' || (typeof wanted === 'object' && valueIn(wanted) === item.value)),
      ),
    each: (body: Callback, context?: unknown) => items().forEach(body, context),
    find: (body: Callback, context?: unknown) => items().find(body, context),
    filter: (body: Callback, context?: unknown) => items().filter(body, context),
    map: (body: Callback, context?: unknown) => items().map(body, context),
    reduce: (body: Reducer, ...rest: readonly unknown[]) => {
      const list = items();
      const step = (sum: unknown, item: Item, index: number): unknown => body.call(rest[1], sum, item, index);
      return rest.length > 0 ? list.reduce(step, rest[0]) : list.slice(1).reduce<unknown>(step, list[0]);
    },
  };
}

function valueIn(wanted: object | null): unknown {
  return wanted !== null && 'value' in wanted ? wanted.value : undefined;
}
