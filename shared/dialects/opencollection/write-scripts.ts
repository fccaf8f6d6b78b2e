import type { Script } from '../../collection/model.ts';
import type { Block } from './write-fields.ts';

/**
 * The scripts of one level. Bruno reads one of each type, so that several become one, each in a block of its own to keep
 * their names apart. What runs after the answer are tests where their format has no other.
 */
export function writeScripts(scripts: readonly Script[]): Block[] {
  const types = ['before-request', 'after-response', 'tests'] as const;
  return types.flatMap((type) => {
    const sources = scripts.filter((script) => typeOf(script) === type).map(({ source }) => source);
    if (sources.length === 0) return [];
    const code = sources.length === 1 ? sources.join('') : sources.map((source) => `{\n${source}\n}`).join('\n');
    return [{ type, code }];
  });
}

/** Whether scripts after the answer run from the collection inwards, which is not Bruno's way unless it is said. */
export function runsInward(scripts: readonly Script[]): boolean {
  return ['after-response', 'tests'].some((type) => {
    const stage = scripts.filter((script) => typeOf(script) === type);
    const first = stage.findIndex(({ from }) => from === 'collection');
    return first !== -1 && stage.slice(first).some(({ from }) => from !== 'collection');
  });
}

function typeOf({ phase, stage }: Script): 'before-request' | 'after-response' | 'tests' {
  if (phase === 'before') return 'before-request';
  return stage === 'response' ? 'after-response' : 'tests';
}
