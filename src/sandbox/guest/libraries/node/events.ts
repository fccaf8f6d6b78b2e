// Node's `events`. Libraries inherit from EventEmitter without calling it, so that its lists are made when they are first needed.
type Listener = (...values: unknown[]) => unknown;

interface Entry {
  readonly listener: Listener;
  readonly once: boolean;
}

const lists = new WeakMap<object, Map<PropertyKey, Entry[]>>();

/** A function and no class: old libraries call it on their own objects. */
export function EventEmitter(this: unknown): void {}

function entriesOf(emitter: object, name: PropertyKey): Entry[] {
  return lists.get(emitter)?.get(name) ?? [];
}

function replace(emitter: object, name: PropertyKey, entries: Entry[]): void {
  const names = lists.get(emitter) ?? new Map<PropertyKey, Entry[]>();
  if (entries.length === 0) names.delete(name);
  else names.set(name, entries);
  lists.set(emitter, names);
}

function adding(isFirst: boolean, once: boolean) {
  return function (this: object, name: PropertyKey, listener: Listener): object {
    if (typeof listener !== 'function') throw new TypeError('The "listener" argument must be of type function');
    const entries = entriesOf(this, name);
    const entry = { listener, once };
    replace(this, name, isFirst ? [entry, ...entries] : [...entries, entry]);
    return this;
  };
}

function removeListener(this: object, name: PropertyKey, listener: Listener): object {
  const entries = entriesOf(this, name);
  const at = entries.findLastIndex((entry) => entry.listener === listener);
  if (at >= 0) replace(this, name, entries.toSpliced(at, 1));
  return this;
}

const methods = {
  on: adding(false, false),
  addListener: adding(false, false),
  once: adding(false, true),
  prependListener: adding(true, false),
  prependOnceListener: adding(true, true),
  off: removeListener,
  removeListener,
  removeAllListeners(this: object, name?: PropertyKey): object {
    if (name === undefined) lists.delete(this);
    else replace(this, name, []);
    return this;
  },
  emit(this: object, name: PropertyKey, ...values: unknown[]): boolean {
    const entries = entriesOf(this, name);
    if (entries.length === 0 && name === 'error')
      throw values[0] instanceof Error ? values[0] : new Error('Unhandled error');
    for (const entry of entries) {
      if (entry.once)
        replace(
          this,
          name,
          entriesOf(this, name).filter((each) => each !== entry),
        );
      entry.listener.apply(this, values);
    }
    return entries.length > 0;
  },
  listeners(this: object, name: PropertyKey): Listener[] {
    return entriesOf(this, name).map((entry) => entry.listener);
  },
  listenerCount(this: object, name: PropertyKey): number {
    return entriesOf(this, name).length;
  },
  eventNames(this: object): PropertyKey[] {
    return [...(lists.get(this)?.keys() ?? [])];
  },
  setMaxListeners(this: object): object {
    return this;
  },
  getMaxListeners: () => 10,
};

for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(EventEmitter.prototype, name, { value, writable: true, configurable: true });
}

/** Resolves with the values of the next event of the name; rejects on `error`. */
function once(emitter: typeof methods, name: PropertyKey): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    emitter.once(name, (...values) => resolve(values));
    if (name !== 'error') emitter.once('error', reject);
  });
}

export const events = Object.assign(EventEmitter, { EventEmitter, once, defaultMaxListeners: 10 });

// What CommonJS libraries are given by `require`.
export { events as 'module.exports' };
