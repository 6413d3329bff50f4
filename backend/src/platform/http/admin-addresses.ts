import type { Role } from '@sluice/shared/api';
import { Problem } from '../problem.js';
import { isListed } from './address-list.js';

/** From where admins and owners may sign in and work (SLUICE_ADMIN_CIDRS); an empty list is everywhere. */
export class AdminAddresses {
  constructor(private readonly cidrs: readonly string[]) {}

  /** Throws `auth.wrong_address`. */
  assertAllowed(roles: readonly Role[], address: string): void {
    const isAdmin = roles.includes('admin') || roles.includes('owner');
    if (isAdmin && this.cidrs.length > 0 && !isListed(address, this.cidrs)) throw new Problem('auth.wrong_address');
  }
}
