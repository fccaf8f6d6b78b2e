// What the list of requests needs of one request file.
import { type BruBlock, pairsOf, valueIn } from './syntax.ts';

export interface Listed {
  /** As the file states it; undefined: the file's own name is used. */
  readonly name: string | undefined;
  readonly method: string;
  /** 1 where the file states none. */
  readonly seq: number;
  readonly tags: readonly string[];
  readonly notExecutable?: string;
}

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'options', 'head', 'connect', 'trace', 'http'] as const;
const METHOD_BLOCKS: ReadonlySet<string> = new Set(METHODS);

/** The name of the block that states method and URL; of several the last. */
export function methodBlockOf(blocks: readonly BruBlock[]): string | undefined {
  return blocks.findLast(({ name }) => METHOD_BLOCKS.has(name))?.name;
}

/** The protocol of a request that is no HTTP, by its block. */
export function otherProtocolOf(blocks: readonly BruBlock[]): 'grpc' | 'ws' | undefined {
  if (blocks.some(({ name }) => name === 'grpc')) return 'grpc';
  return blocks.some(({ name }) => name === 'ws') ? 'ws' : undefined;
}

export function listRequest(blocks: readonly BruBlock[]): Listed {
  const seq = Number(valueIn(blocks, 'meta', 'seq') || 1);
  return {
    name: valueIn(blocks, 'meta', 'name'),
    seq: Number.isNaN(seq) ? 1 : seq,
    tags: pairsOf(blocks, 'meta').findLast((pair) => pair.name === 'tags')?.list ?? [],
    ...methodOf(blocks),
  };
}

function methodOf(blocks: readonly BruBlock[]): Pick<Listed, 'method' | 'notExecutable'> {
  if (valueIn(blocks, 'meta', 'type') === 'app') {
    return { method: 'APP', notExecutable: 'Bruno apps are not executed' };
  }
  const protocol = otherProtocolOf(blocks);
  if (protocol === 'grpc') return { method: 'GRPC', notExecutable: 'gRPC requests are not executed' };
  if (protocol === 'ws') return { method: 'WEBSOCKET', notExecutable: 'WebSocket requests are not executed' };
  const block = methodBlockOf(blocks);
  if (block === undefined) return { method: 'GET', notExecutable: 'The file states no method and no URL' };
  const method = block === 'http' ? (valueIn(blocks, 'http', 'method') ?? '') : block;
  return { method: method === '' ? 'GET' : method.toUpperCase() };
}
