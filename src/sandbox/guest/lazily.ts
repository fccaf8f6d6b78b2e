/**
 * A field whose value is made when it is first read, and that can be assigned like any other. It may be moved to another object with its
 * descriptor before that.
 */
export function lazily(target: object, name: string, make: () => unknown): void {
  const settle = (owner: object, value: unknown): void => {
    Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true });
  };
  Object.defineProperty(target, name, {
    get(this: object): unknown {
      // What is made may look for a former value of the same name.
      settle(this, undefined);
      const value = make();
      settle(this, value);
      return value;
    },
    set(this: object, value: unknown) {
      settle(this, value);
    },
    enumerable: true,
    configurable: true,
  });
}
