import { auditApi } from './audit.api.js';
import { authApi } from './auth.api.js';
import { bulkRetriesApi } from './bulk-retries.api.js';
import { connectionsApi } from './connections.api.js';
import { connectorsApi } from './connectors.api.js';
import type { Contract } from './contract.js';
import { deadLettersApi } from './dead-letters.api.js';
import { deploymentsApi } from './deployments.api.js';
import { environmentsApi } from './environments.api.js';
import { erasuresApi } from './erasures.api.js';
import { flowsApi } from './flows.api.js';
import { grantsApi } from './grants.api.js';
import { inboxApi } from './inbox.api.js';
import { keysApi } from './keys.api.js';
import { killSwitchesApi } from './kill-switches.api.js';
import { accessReviewsApi } from './access-reviews.api.js';
import { membersApi } from './members.api.js';
import { noticesApi } from './notices.api.js';
import { reviewsApi } from './reviews.api.js';
import { runCountsApi } from './run-counts.api.js';
import { runsApi } from './runs.api.js';
import { schedulesApi } from './schedules.api.js';
import { storageApi } from './storage.api.js';
import { tokensApi } from './tokens.api.js';
import { viewsApi } from './views.api.js';
import { workspacesApi } from './workspaces.api.js';

export * from './audit.api.js';
export * from './auth.api.js';
export * from './bulk-retries.api.js';
export * from './call-limits.js';
export * from './connections.api.js';
export * from './connectors.api.js';
export * from './contract.js';
export * from './dead-letters.api.js';
export * from './deployments.api.js';
export * from './environment-policy.js';
export * from './environments.api.js';
export * from './erasures.api.js';
export * from './flows.api.js';
export * from './grants.api.js';
export * from './inbox.api.js';
export * from './keys.api.js';
export * from './kill-switches.api.js';
export * from './access-reviews.api.js';
export * from './members.api.js';
export * from './notice-kinds.js';
export * from './notices.api.js';
export * from './permissions.js';
export * from './problem.js';
export * from './reviews.api.js';
export * from './run-counts.api.js';
export * from './run-summary.js';
export * from './runs.api.js';
export * from './schedules.api.js';
export * from './tokens.api.js';
export * from './views.api.js';
export * from './workspaces.api.js';
export * from './storage.api.js';

/** Every endpoint, in the order of the OpenAPI document. */
export const contracts: readonly Contract[] = [
  authApi,
  membersApi,
  accessReviewsApi,
  tokensApi,
  workspacesApi,
  environmentsApi,
  connectorsApi,
  connectionsApi,
  flowsApi,
  deploymentsApi,
  grantsApi,
  reviewsApi,
  runsApi,
  runCountsApi,
  deadLettersApi,
  bulkRetriesApi,
  inboxApi,
  schedulesApi,
  killSwitchesApi,
  keysApi,
  noticesApi,
  viewsApi,
  storageApi,
  erasuresApi,
  auditApi,
].flatMap((api): Contract[] => Object.values(api));
