import type { EnvironmentRole, Role } from '@sluice/shared/api';
import type { Json } from '@sluice/shared/lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionsService } from '../../src/features/connections/connections.service.js';
import { DeploymentsService } from '../../src/features/deployments/deployments.service.js';
import { EnvironmentsService } from '../../src/features/environments/environments.service.js';
import { FlowsService } from '../../src/features/flows/flows.service.js';
import { VersionsService } from '../../src/features/flows/versions.service.js';
import { DecisionsService } from '../../src/features/grants/decisions.service.js';
import { PoliciesService } from '../../src/features/grants/policies.service.js';
import { KillSwitchesService } from '../../src/features/kill-switches/kill-switches.service.js';
import { MembersService } from '../../src/features/members/members.service.js';
import type { Actor } from '../../src/platform/actor.js';
import { type OpenFeatures, openFeatures } from '../open-features.js';

const dayMs = 86_400_000;

type Change = { roles?: Role[]; environmentRoles?: Record<string, EnvironmentRole[]>; disabled?: boolean };

describe('F11 who takes the right to decide from everybody else', () => {
  let house: OpenFeatures;
  let ada: Actor;
  let mira: Actor;

  beforeAll(async () => {
    house = await openFeatures();
  });
  beforeEach(async () => {
    house.clock.ahead = 0;
    ({ ada, mira } = await house.aWorkspace({ ada: ['owner'], mira: ['approver'] }));
  });
  afterAll(() => house.close());

  const change = async (body: Change) => await house.get(MembersService).update(ada, mira.member, body);
  const ways: [string, Change[]][] = [
    ['switching them off', [{ disabled: true }]],
    ['making them viewers', [{ roles: ['viewer'] }]],
    ['leaving them another environment', [{ roles: [], environmentRoles: { dev: ['approver'] } }]],
    [
      'one step after the other',
      [
        { roles: ['viewer'], environmentRoles: { production: ['approver'] } },
        { environmentRoles: {} },
        { disabled: true },
      ],
    ],
    ['giving it back and taking it again', [{ disabled: true }, { disabled: false }, { roles: ['viewer'] }]],
  ];

  async function request(): Promise<string> {
    const document: Json = {
      schema: 'sluice.flow/1',
      slots: { crm: { connector: 'hubspot' } },
      steps: [
        { id: 'hook', kind: 'trigger', connector: 'webhook', trigger: 'received', config: { scheme: 'github' } },
        { id: 'keep', kind: 'action', slot: 'crm', action: 'contacts.find', input: { email: 'a@example.com' } },
      ],
      edges: [{ from: 'hook', to: 'keep' }],
    };
    const { id } = await house.get(FlowsService).create(ada, { name: 'Find', document });
    await house.get(VersionsService).publish(ada, id, null);
    const auth = { kind: 'bearer', token: 'x' } as const;
    const given = { connector: 'hubspot', environment: 'staging', name: 'CRM', auth, config: {} };
    const connection = await house.get(ConnectionsService).create(ada, given);
    const asked = { environment: 'staging', version: 1, bindings: { crm: connection.id } };
    const [grant] = (await house.get(DeploymentsService).deploy(ada, id, asked)).grantRequests;
    if (grant === undefined) throw new Error('Nothing was asked for');
    return grant.id;
  }

  it.each(ways)('by %s approves nothing of his own for a week', async (_, steps) => {
    const grant = await request();
    for (const step of steps) await change(step);
    const approve = async () => await house.get(DecisionsService).approve(ada, grant, { reason: 'Mine' });
    for (const ahead of [0, dayMs, 7 * dayMs - 60_000]) {
      house.clock.ahead = ahead;
      await expect(approve()).rejects.toMatchObject({
        code: 'grant.own_request',
        message: expect.stringContaining('Who lost that right lately counts as an approver until'),
      });
    }
    house.clock.ahead = 7 * dayMs + 60_000;
    expect(await approve()).toMatchObject({ status: 'active' });
  });

  it('loosens no policy', async () => {
    const { id, policy } = await house.get(EnvironmentsService).get(ada.workspace, 'production');
    const { proposal } = await house.get(PoliciesService).set(ada, id, { ...policy, fourEyes: false });
    await change({ disabled: true });
    house.clock.ahead = dayMs;
    const confirmed = house.get(PoliciesService).confirm(ada, id, proposal?.id ?? '');
    await expect(confirmed).rejects.toMatchObject({ code: 'grant.own_request' });
  });

  it('lifts no kill switch that takes two', async () => {
    const switches = house.get(KillSwitchesService);
    await house.get(MembersService).update(ada, mira.member, { roles: ['operator'] });
    const { id } = await switches.set(ada, { target: { kind: 'environment', id: 'production' }, reason: 'breach' });
    await switches.release(ada, id);
    await change({ roles: ['viewer'] });
    house.clock.ahead = dayMs;
    await expect(switches.release(ada, id)).rejects.toMatchObject({ code: 'killswitch.second_person' });
  });

  it('control: who was never enrolled does not count', async () => {
    await house.pool.query('update member set totp_enrolled_at = null where id = $1', [mira.member]);
    await change({ roles: ['viewer'] });
    await house.pool.query('update member set totp_enrolled_at = now() where id = $1', [mira.member]);
    const { id, policy } = await house.get(EnvironmentsService).get(ada.workspace, 'production');
    const { proposal } = await house.get(PoliciesService).set(ada, id, { ...policy, fourEyes: false });
    house.clock.ahead = 901_000;
    expect(await house.get(PoliciesService).confirm(ada, id, proposal?.id ?? '')).toMatchObject({ proposal: null });
  });
});
