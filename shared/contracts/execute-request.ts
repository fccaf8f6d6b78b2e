import { contract } from './contract.ts';
import { executionInput, executionOutput, executionOwn } from './execution.ts';

export const executeRequest = contract({
  name: 'execute_request',
  title: 'Execute a request',
  description:
    'Sends one saved request, of any method, with the credentials that the workspace and the vault hold for it, and returns the ' +
    'answer with every secret redacted. It cannot call a URL that no collection states, and credentials go only to the origins they are bound to. ' +
    'A token or cookie that an answer gives out is kept inside and shown as {{captured:NAME_1}}: write that text into variables, headers, query or body ' +
    'of a later call to the same origin, and the value is sent. A method that changes data may ask a person for approval first. Use execute_read_request for GET, HEAD, OPTIONS, QUERY and ' +
    'GraphQL queries, describe_request to see what it needs, read_response for the rest of a long body.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: executionInput,
  output: executionOutput,
  own: executionOwn,
});
