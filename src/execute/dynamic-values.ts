// Values of Postman's dynamic variables. faker is loaded on the first name that needs it: it costs more than a call.
import { createRequire } from 'node:module';
import type * as FakerModule from '@faker-js/faker/locale/en';
import {
  type DynamicName,
  type DynamicValues,
  isDynamicName,
  randomRange,
} from '../../shared/template/dynamic-names.ts';
import { type Faker, fakerValues, type OwnName } from './faker-values.ts';

export interface DynamicSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A random UUID. */
  readonly randomId: () => string;
}

/** Makes the values of dynamic variables; each call of the result gives a new value, of the form Postman gives. */
export function createDynamicValues(sources: DynamicSources): DynamicValues {
  let faker: Faker | undefined;
  return (name) => {
    const range = randomRange(name);
    if (range) return randomWithin(range, sources);
    if (!isDynamicName(name)) return undefined;
    if (isOwn(name)) return ownValues[name](sources);
    faker ??= loadFaker(sources);
    return String(fakerValues[name](faker));
  };
}

/** At least the first number and less than the second, as the clients of .http files have it. */
function randomWithin([from, to]: readonly [number, number], { random }: DynamicSources): string {
  return String(from + Math.floor(random() * Math.max(to - from, 1)));
}

function loadFaker({ now, random }: DynamicSources): Faker {
  const { faker } = createRequire(import.meta.url)('@faker-js/faker/locale/en') as typeof FakerModule;
  faker.seed(Math.floor(random() * 2 ** 32));
  faker.setDefaultRefDate(now());
  return faker;
}

const ownValues: Readonly<Record<OwnName, (sources: DynamicSources) => string>> = {
  $guid: ({ randomId }) => randomId(),
  $randomUUID: ({ randomId }) => randomId(),
  $timestamp: ({ now }) => String(Math.round(now() / 1000)),
  $isoTimestamp: ({ now }) => new Date(now()).toISOString(),
  $randomInt: ({ random }) => String(Math.floor(random() * 1001)),
  $randomBoolean: ({ random }) => String(random() < 0.5),
};

function isOwn(name: DynamicName): name is OwnName {
  return name in ownValues;
}
