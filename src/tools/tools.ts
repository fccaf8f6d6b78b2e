import { describeRequestTool } from './describe-request.ts';
import { executeReadRequestTool, executeRequestTool } from './execute-request.ts';
import { getEnvironmentTool } from './get-environment.ts';
import { getHistoryTool } from './get-history.ts';
import { listCollectionsTool } from './list-collections.ts';
import { listEnvironmentsTool } from './list-environments.ts';
import { listRequestsTool } from './list-requests.ts';
import { listSecretsTool } from './list-secrets.ts';
import { readResponseTool } from './read-response.ts';
import type { Tool } from './tool.ts';

/** The handlers, in the order of the contracts. */
export const tools: readonly Tool[] = [
  listCollectionsTool,
  listRequestsTool,
  describeRequestTool,
  listEnvironmentsTool,
  getEnvironmentTool,
  executeRequestTool,
  executeReadRequestTool,
  readResponseTool,
  getHistoryTool,
  listSecretsTool,
];
