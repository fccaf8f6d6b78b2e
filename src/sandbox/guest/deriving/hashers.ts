// CryptoJS.algo.X.create().update(…).finalize(…), where a part or the key may be a secret.
import type { Hasher, HasherFactory } from 'crypto-js';
import type { Deriving, HashAlgorithm } from './deriving.ts';
import { hashNames } from './hash-names.ts';
import { type MakeSecret, wordsInput } from './word-array.ts';

export function adaptHashers(algo: Record<string, HasherFactory>, deriving: Deriving, makeSecret: MakeSecret): void {
  const factoryOf = new Map(Object.entries(hashNames).map(([name, algorithm]) => [algo[name], algorithm]));
  for (const [factory, algorithm] of factoryOf) {
    if (factory) adapt(factory, () => ({ algorithm }), deriving, makeSecret);
  }
  const { HMAC } = algo;
  if (HMAC)
    adapt(HMAC, (hasher, key) => ({ algorithm: factoryOf.get(hasher as HasherFactory), key }), deriving, makeSecret);
}

interface Computation {
  readonly algorithm: HashAlgorithm | undefined;
  readonly key?: unknown;
}

function adapt(
  factory: HasherFactory,
  computationOf: (...parameters: unknown[]) => Computation,
  deriving: Deriving,
  makeSecret: MakeSecret,
): void {
  const { create } = factory;
  const isSecret = (value: unknown) => deriving.secretOf(value) !== undefined;
  factory.create = function (this: HasherFactory, ...parameters) {
    const computation = computationOf(...parameters);
    const hasKey = 'key' in computation;
    const isKeySecret = isSecret(computation.key);
    const real = create.apply(this, isKeySecret ? [parameters[0], ''] : parameters);
    const { update, finalize, reset } = real;
    let parts: unknown[] = [];
    const add = (part: unknown): boolean => {
      if (part) parts.push(part);
      return isKeySecret || parts.some(isSecret);
    };
    real.update = (part): Hasher => {
      if (!add(part)) update.call(real, part);
      return real;
    };
    real.finalize = (part) => {
      if (!add(part)) return finalize.call(real, part);
      const { algorithm = deriving.unsupported('This hash of a secret'), key } = computation;
      const inputs = parts.map((each) => wordsInput(each, deriving));
      const [only] = inputs;
      const message = inputs.length === 1 && only !== undefined ? only : deriving.derive({ name: 'concat' }, ...inputs);
      return makeSecret(
        hasKey
          ? deriving.derive({ name: 'hmac', algorithm }, message, wordsInput(key, deriving))
          : deriving.derive({ name: 'hash', algorithm }, message),
      );
    };
    real.reset = () => {
      parts = [];
      reset.call(real);
    };
    return real;
  };
}
