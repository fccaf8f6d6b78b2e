import type { Tool } from '@modelcontextprotocol/server';
import { contracts } from '../../shared/contracts/contracts.ts';
import { jsonSchemas } from '../../shared/contracts/json-schema.ts';

/** The tools as tools/list shows them, in the order of the contracts. */
export function listTools(): Tool[] {
  return contracts.map((contract) => {
    const { name, title, description, annotations } = contract;
    const { input, output } = jsonSchemas(contract);
    return {
      name,
      title,
      description,
      inputSchema: input as Tool['inputSchema'],
      outputSchema: output as Tool['inputSchema'],
      annotations: { ...annotations },
    };
  });
}
