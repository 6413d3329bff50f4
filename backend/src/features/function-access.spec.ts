import { Reflector } from '@nestjs/core';
import { type Contract, roles } from '@sluice/shared/api';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { Clock } from '../platform/clock.js';
import { AccessGuard, MemberLookup } from '../platform/http/access.guard.js';
import { contractKey } from '../platform/http/route.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { FlowsController } from './flows/flows.controller.js';
import { GrantsController } from './grants/grants.controller.js';

/*
 * Who may do what, read by hand: b builder, o operator, p approver, u auditor, a admin, w owner; ! asks for a fresh
 * second factor. A new endpoint fails this test until somebody has thought about its line.
 */
const expected = `
GET /connectors bopuaw
GET /connectors/:id bopuaw
GET /connections bopuaw
POST /connections aw
GET /connections/:id bopuaw
PATCH /connections/:id aw
POST /connections/:id/test aw
POST /connections/:id/rotate aw!
POST /connections/:id/roll-back aw!
POST /connections/:id/authorize aw!
POST /oauth/callback aw
POST /connections/:id/revoke aw!
GET /flows bopuaw
POST /flows baw
GET /flows/:id bopuaw
PATCH /flows/:id baw
DELETE /flows/:id baw
GET /flows/:id/draft bopuaw
PUT /flows/:id/draft baw
POST /flows/:id/check bopuaw
GET /flows/:id/versions bopuaw
GET /flows/:id/versions/:version bopuaw
POST /flows/:id/versions baw
GET /flows/:id/deployments bopuaw
POST /flows/:id/deployments baw
GET /flows/:id/endpoints bopuaw
POST /flows/:id/endpoints/:endpointId/rotate baw!
POST /flows/:id/run boaw
GET /grants bopuaw
GET /grants/:id bopuaw
POST /grants/:id/approve paw!
POST /grants/:id/refuse paw!
POST /grants/:id/revoke paw!`;

const letters = { builder: 'b', operator: 'o', approver: 'p', auditor: 'u', admin: 'a', owner: 'w' } as const;
const origin = 'https://sluice.example';

const handlers = [
  ConnectorsController,
  ConnectionsController,
  FlowsController,
  DeploymentsController,
  GrantsController,
].flatMap((controller) =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, { value }]) =>
    name === 'constructor' ? [] : [{ controller, name, value }],
  ),
);

/** The code of the refusal, or `open`. */
async function ask(
  handler: (typeof handlers)[number],
  caller: { roles: (typeof roles)[number][]; steppedUp: boolean } | null,
): Promise<string> {
  const lookup = new (class extends MemberLookup {
    async findActor() {
      return caller === null
        ? null
        : { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: caller.roles, requestId: 'req_1' };
    }
  })();
  const session =
    caller === null ? {} : { memberId: 'mbr_1', steppedUpUntil: caller.steppedUp ? Number.MAX_SAFE_INTEGER : 0 };
  const req = { session, get: () => origin };
  const context = new ExecutionContextHost([req], handler.controller, handler.value);
  context.setType('http');
  const guard = new AccessGuard(lookup, new Clock(), origin);
  return await guard.canActivate(context).then(
    () => 'open',
    (refusal: { code: string }) => refusal.code,
  );
}

function contractOf(handler: (typeof handlers)[number]): Contract {
  return new Reflector().get<Contract>(contractKey, handler.value);
}

describe('F11', () => {
  it('each function opens to exactly the roles that were thought about', async () => {
    const lines: string[] = [];
    for (const handler of handlers) {
      const { method, path } = contractOf(handler);
      const open: string[] = [];
      let needsStepUp = false;
      for (const role of roles) {
        if ((await ask(handler, { roles: [role], steppedUp: true })) !== 'open') continue;
        open.push(letters[role]);
        needsStepUp ||= (await ask(handler, { roles: [role], steppedUp: false })) === 'auth.step_up_required';
      }
      lines.push(`${method} ${path} ${open.join('')}${needsStepUp ? '!' : ''}`);
    }
    expect(lines.toSorted()).toEqual(expected.trim().split('\n').toSorted());
  });

  it('no function opens without a session', async () => {
    expect(handlers.length).toBeGreaterThan(25);
    for (const handler of handlers) expect(await ask(handler, null), handler.name).toBe('auth.required');
  });
});
