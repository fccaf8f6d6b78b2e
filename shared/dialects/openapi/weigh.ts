import { limits } from '../../limits.ts';

/** About how many characters a value has as JSON. Infinity as soon as they are more than `most`, or it nests too deeply. */
export function weigh(value: unknown, most: number, levels: number = limits.valueDepth): number {
  if (typeof value === 'string') return value.length + 2 > most ? Number.POSITIVE_INFINITY : value.length + 2;
  if (typeof value !== 'object' || value === null) return most < 8 ? Number.POSITIVE_INFINITY : 8;
  if (levels === 0) return Number.POSITIVE_INFINITY;
  let weight = 2;
  for (const [name, inner] of Object.entries(value)) {
    weight += name.length + 4;
    if (weight > most) return Number.POSITIVE_INFINITY;
    weight += weigh(inner, most - weight, levels - 1);
    if (weight > most) return Number.POSITIVE_INFINITY;
  }
  return weight;
}
