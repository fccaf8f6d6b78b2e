// Where an element ends that is left out, with all that stands in it, although pages leave out end tags.
import { endsAtStart, standsIn } from './elements.ts';

/** An element that is left out, how many of its name are open, and how many of what its name may stand in. */
export interface Hidden {
  readonly name: string;
  depth: number;
  inner: number;
}

/** Whether a start tag ends what is left out, because it needs no end tag. */
export function startEnds(hidden: Hidden, name: string): boolean {
  if (hidden.inner === 0 && endsAtStart(hidden.name, name)) return true;
  if (hidden.name === name) hidden.depth += 1;
  if (standsIn(hidden.name, name)) hidden.inner += 1;
  return false;
}

/** Whether an end tag ends what is left out: as its own, or as that of an element around it. */
export function endEnds(hidden: Hidden, name: string): 'no' | 'own' | 'outside' {
  if (standsIn(hidden.name, name)) {
    if (hidden.inner === 0) return 'outside';
    hidden.inner -= 1;
    return 'no';
  }
  if (hidden.name !== name) return 'no';
  hidden.depth -= 1;
  return hidden.depth === 0 ? 'own' : 'no';
}
