import type { Script } from '../../collection/model.ts';
import { type BruBlock, textOfBlock } from './syntax.ts';

/** A level that may have scripts, outermost first. */
export interface ScriptLevel {
  readonly from: Script['from'];
  readonly blocks: readonly BruBlock[];
}

/**
 * Run order: what is before the request from the collection inwards, then the scripts after it and then the tests, from the
 * request outwards unless the collection's flow is sequential.
 */
export function readScripts(levels: readonly ScriptLevel[], isSequential: boolean): Script[] {
  const outwards = isSequential ? levels : [...levels].reverse();
  return [
    ...scriptsNamed(levels, 'script:pre-request', { phase: 'before' }),
    ...scriptsNamed(outwards, 'script:post-response', { phase: 'after', stage: 'response' }),
    ...scriptsNamed(outwards, 'tests', { phase: 'after', stage: 'tests' }),
  ];
}

type When = Pick<Script, 'phase' | 'stage'>;

function scriptsNamed(levels: readonly ScriptLevel[], block: string, when: When): Script[] {
  const scripts: Script[] = [];
  for (const { from, blocks } of levels) {
    const source = textOfBlock(blocks, block);
    if (source.trim() !== '') scripts.push(toScript(when, from, source));
  }
  return scripts;
}

function toScript({ phase, stage }: When, from: Script['from'], source: string): Script {
  const language = 'text/javascript';
  return stage ? { phase, stage, from, language, source } : { phase, from, language, source };
}
