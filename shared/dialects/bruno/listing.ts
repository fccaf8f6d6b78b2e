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

type Stated = Pick<Listed, 'method' | 'notExecutable'>;

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'options', 'head', 'connect', 'trace', 'http'] as const;
const METHOD_BLOCKS: ReadonlySet<string> = new Set(METHODS);

/** The block that states protocol, method and URL; of several the last, and first of all one of another protocol than HTTP. */
export function mainBlockOf(blocks: readonly BruBlock[]): BruBlock | undefined {
  let main: BruBlock | undefined;
  for (const block of blocks) if (rankOf(block) >= rankOf(main)) main = block;
  return rankOf(main) > 0 ? main : undefined;
}

function rankOf(block: BruBlock | undefined): number {
  if (!block) return 0;
  if (block.name === 'grpc') return 3;
  if (block.name === 'ws') return 2;
  return METHOD_BLOCKS.has(block.name) ? 1 : 0;
}

export function listRequest(blocks: readonly BruBlock[]): Listed {
  const seq = Number(valueIn(blocks, 'meta', 'seq') || 1);
  return {
    name: valueIn(blocks, 'meta', 'name'),
    seq: Number.isNaN(seq) ? 1 : seq,
    tags: pairsOf(blocks, 'meta').findLast((pair) => pair.name === 'tags')?.list ?? [],
    ...methodOf(blocks, mainBlockOf(blocks)),
  };
}

/** `main` is the block of mainBlockOf. */
export function methodOf(blocks: readonly BruBlock[], main: BruBlock | undefined): Stated {
  if (valueIn(blocks, 'meta', 'type') === 'app') {
    return { method: 'APP', notExecutable: 'Bruno apps are not executed' };
  }
  if (!main) return { method: 'GET', notExecutable: 'The file states no method and no URL' };
  const { name } = main;
  if (name === 'grpc') return { method: 'GRPC', notExecutable: 'gRPC requests are not executed' };
  if (name === 'ws') return { method: 'WEBSOCKET', notExecutable: 'WebSocket requests are not executed' };
  const method = name === 'http' ? (valueIn(blocks, 'http', 'method') ?? '') : name;
  return { method: method === '' ? 'GET' : method.toUpperCase() };
}
