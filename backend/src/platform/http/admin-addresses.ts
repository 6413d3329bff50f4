import type { Holding } from '@sluice/shared/api';
import { Problem } from '../problem.js';
import { isListed } from './address-list.js';

/** From where admins, of one environment too, and owners may sign in and work (SLUICE_ADMIN_CIDRS); an empty list is everywhere. */
export class AdminAddresses {
  constructor(private readonly cidrs: readonly string[]) {}

  /** Throws `auth.wrong_address`. */
  assertAllowed({ roles, environmentRoles = {} }: Holding, address: string): void {
    const held = [...roles, ...Object.values(environmentRoles).flat()];
    const isAdmin = held.includes('admin') || held.includes('owner');
    if (isAdmin && this.cidrs.length > 0 && !isListed(address, this.cidrs)) throw new Problem('auth.wrong_address');
  }
}
