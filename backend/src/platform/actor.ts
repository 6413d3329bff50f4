import type { Role } from '@sluice/shared/api';

/** Who asks, as every service takes it: the workspace comes from the session, never from the request. */
export interface Actor {
  workspace: string;
  member: string;
  name: string;
  roles: readonly Role[];
  requestId: string;
}
