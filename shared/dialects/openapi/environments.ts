import type { Environment } from '../../collection/model.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { templateText } from '../../template/lex.ts';
import { serverVariables } from './collection-variables.ts';
import type { OpenapiDocument } from './document.ts';
import { documentServers } from './servers.ts';

const NAME_CHARS = 100;

/** The servers after the first, each an environment of the document's collection that sets `baseUrl`. */
export function otherServers(document: OpenapiDocument, of: { file: string; collection: string }): Environment[] {
  const ordinal = createOrdinals();
  return documentServers(document)
    .slice(1)
    .map((server) => {
      const [line = ''] = server.description.split('\n', 1);
      const name = (line.trim() || templateText(server.address)).slice(0, NAME_CHARS);
      const key = childKey(of.file, 'server', server.url, ordinal('server', server.url));
      return {
        id: stableId(name, 'environment', key),
        name,
        kind: 'environment',
        file: of.file,
        collections: [of.collection],
        variables: serverVariables(server),
      };
    });
}
