import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { type Contract, contracts, type Role, roles, tokenPermissions } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/platform/actor.js';
import { Clock } from '../../src/platform/clock.js';
import { AccessGuard, MemberLookup } from '../../src/platform/http/access.guard.js';
import { AdminAddresses } from '../../src/platform/http/admin-addresses.js';
import { Route } from '../../src/platform/http/route.js';
import { readAccessTable } from './access-table.js';

const origin = 'https://sluice.example';
const table = readAccessTable();
const nameOf = ({ method, path }: Contract) => `${method} ${path}`;

interface Caller {
  roles: Role[];
  steppedUp?: boolean;
  token?: boolean;
}

/** Who asks is what the test says. */
class Callers extends MemberLookup {
  constructor(private readonly caller: Caller | null) {
    super();
  }
  private actor(): Actor | null {
    if (this.caller === null) return null;
    const { roles: held, token = false } = this.caller;
    const actor = { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: held, requestId: 'req_1' };
    return token ? { ...actor, token: { id: 'tok_1', permissions: tokenPermissions, environments: null } } : actor;
  }
  override async findActor() {
    return this.actor();
  }
  override async findBearer() {
    const actor = this.actor();
    return actor === null ? null : { actor, refusal: null };
  }
}

/** The code of the refusal, or `open`. */
async function ask(contract: Contract, caller: Caller | null): Promise<string> {
  const handler = () => undefined;
  Route(contract)({}, 'handler', { value: handler });
  const until = caller?.steppedUp === true ? Number.MAX_SAFE_INTEGER : 0;
  const session = caller === null || caller.token === true ? {} : { memberId: 'mbr_1', steppedUpUntil: until };
  const headers = caller?.token === true ? { authorization: 'Bearer slc_x' } : {};
  const context = new ExecutionContextHost([{ session, headers, get: () => origin }], Object, handler);
  context.setType('http');
  const guard = new AccessGuard(new Callers(caller), new AdminAddresses([]), new Clock(), origin);
  return await guard.canActivate(context).then(
    () => 'open',
    (refusal: { code: string }) => refusal.code,
  );
}

describe('F11', () => {
  it('each endpoint has a line in the table that people read, and each line an endpoint', () => {
    expect(table.map(({ route }) => route).toSorted()).toEqual(contracts.map(nameOf).toSorted());
  });

  it.each(contracts.map((contract) => [nameOf(contract), contract] as const))(
    '%s opens to exactly whom the table says',
    async (name, contract) => {
      const line = table.find(({ route }) => route === name);
      const open: Role[] = [];
      for (const role of roles) {
        if ((await ask(contract, { roles: [role], steppedUp: true })) === 'open') open.push(role);
        const withoutFactor = await ask(contract, { roles: [role] });
        expect(withoutFactor === 'auth.step_up_required', role).toBe(open.includes(role) && line?.stepUp === true);
      }
      expect(open).toEqual(roles.filter((role) => line?.roles.has(role)));
      expect(await ask(contract, { roles: ['owner'], token: true })).toBe(
        line?.token === true ? 'open' : 'access.denied',
      );
      const isPublic = contract.access === 'public';
      expect(await ask(contract, null)).toBe(isPublic ? 'open' : 'auth.required');
      expect(line?.reach === 'nobody').toBe(isPublic || contract.access === 'signing-in');
    },
  );
});
