import type { Contract } from './contract.ts';
import { describeRequest } from './describe-request.ts';
import { executeReadRequest } from './execute-read-request.ts';
import { executeRequest } from './execute-request.ts';
import { getEnvironment } from './get-environment.ts';
import { getHistory } from './get-history.ts';
import { listCollections } from './list-collections.ts';
import { listEnvironments } from './list-environments.ts';
import { listRequests } from './list-requests.ts';
import { listSecrets } from './list-secrets.ts';
import { readResponse } from './read-response.ts';

/** Every tool, in the order in which tools/list shows them; clients cache the list, so the order never changes. */
export const contracts: readonly Contract[] = [
  listCollections,
  listRequests,
  describeRequest,
  listEnvironments,
  getEnvironment,
  executeRequest,
  executeReadRequest,
  readResponse,
  getHistory,
  listSecrets,
];
