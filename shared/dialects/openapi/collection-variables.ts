import type { Variable } from '../../collection/model.ts';
import type { OpenapiDocument } from './document.ts';
import { BASE_URL, documentServers, isRelative, type Server } from './servers.ts';

/** `baseUrl` with the document's first server, and the defaults of that server's variables. None where no server is stated. */
export function collectionVariables(document: OpenapiDocument): Variable[] {
  const [first] = documentServers(document);
  return first ? serverVariables(first) : [];
}

/** What one server sets: `baseUrl` and its own variables. */
export function serverVariables(server: Server): Variable[] {
  const relative = isRelative(server) ? 'Relative to where the document is served: set it to the whole address.' : '';
  const description = [server.description, relative].filter((text) => text !== '').join('\n');
  return [
    {
      name: BASE_URL,
      value: server.address,
      enabled: true,
      secret: false,
      ...(description !== '' && { description }),
    },
    ...server.variables,
  ];
}
