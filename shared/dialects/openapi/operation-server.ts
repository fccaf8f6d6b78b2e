import type { Variable } from '../../collection/model.ts';
import { type JsonObject, listOr } from '../../collection/narrow.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import type { Opening } from './opening.ts';
import { BASE_URL, documentServers, isRelative, readServers, type Server, swaggerServers } from './servers.ts';

/** Where the path of an operation begins. */
export interface OperationServer {
  readonly address: Template;
  /** Defaults of the variables in it, where it is not the collection's own base. */
  readonly variables: readonly Variable[];
}

const COMMON: OperationServer = {
  address: [{ kind: 'reference', name: plainTemplate(BASE_URL) }],
  variables: [],
};

/** `{{baseUrl}}`, or the first server that the operation or its path states in place of the document's. */
export function operationServer(item: JsonObject, operation: JsonObject, opening: Opening): OperationServer {
  const [common] = documentServers(opening.document);
  const [first, ...others] = ownServers(item, operation, opening);
  if (!first || (common && isSame(first, common))) {
    if (!common) opening.note('the document names no server: set the variable baseUrl');
    else if (isRelative(common)) opening.note(`${RELATIVE}: set the variable baseUrl`);
    return COMMON;
  }
  if (others.length > 0) opening.note('other servers of the operation are left out');
  if (isRelative(first)) opening.note(RELATIVE);
  return { address: first.address, variables: first.variables };
}

const RELATIVE = 'its server is relative to where the document is served';

function ownServers(item: JsonObject, operation: JsonObject, { document, major }: Opening): readonly Server[] {
  if (major === 3) {
    const own = readServers(operation.servers);
    return own.length > 0 ? own : readServers(item.servers);
  }
  return listOr(operation.schemes).length > 0 ? swaggerServers(document.root, operation.schemes) : [];
}

function isSame(one: Server, other: Server): boolean {
  return one.url === other.url && JSON.stringify(one.variables) === JSON.stringify(other.variables);
}
