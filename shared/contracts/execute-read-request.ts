import { contract } from './contract.ts';
import { executionInput, executionOutput, executionOwn } from './execution.ts';

export const executeReadRequest = contract({
  name: 'execute_read_request',
  title: 'Execute a read-only request',
  description:
    'Sends one saved request that only reads (GET, HEAD, OPTIONS, QUERY, or a GraphQL query) and returns the answer with every ' +
    'secret redacted. Any other method is refused without being sent: use execute_request for it. ' +
    'Use describe_request to see what a request needs, read_response for the rest of a long body.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: executionInput,
  output: executionOutput,
  own: executionOwn,
});
