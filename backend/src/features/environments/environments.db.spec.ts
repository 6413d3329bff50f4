import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { PoliciesService } from '../grants/policies.service.js';
import { EnvironmentsService } from './environments.service.js';

let house: OpenFeatures;
let environments: EnvironmentsService;
let policies: PoliciesService;

beforeAll(async () => {
  house = await openFeatures();
  environments = house.get(EnvironmentsService);
  policies = house.get(PoliciesService);
});
afterAll(() => house.close());

it('keep what runs for a time of their own, and for 90 days where nobody said', async () => {
  const { ada } = await house.aWorkspace({ ada: ['owner'] });
  const days = async () => (await environments.list(ada.workspace)).map(({ policy }) => policy.retentionDays);
  expect(await days()).toEqual([14, 90, 90]);

  await house.pool.query(`update environment set policy = policy - 'retentionDays' where workspace_id = $1`, [
    ada.workspace,
  ]);
  expect(await days()).toEqual([90, 90, 90]);
});

it('leave the time as it is when a change of the policy says nothing about it', async () => {
  const { ada } = await house.aWorkspace({ ada: ['owner'] });
  const [dev] = await environments.list(ada.workspace);
  const id = dev?.id ?? '';

  const changed = await policies.set(ada, id, { approval: true, production: false });
  expect(changed.policy).toEqual({ approval: true, production: false, retentionDays: 14 });

  await policies.set(ada, id, { approval: true, production: false, retentionDays: 30 });
  const { rows } = await house.pool.query(
    `select body::json -> 'detail' -> 'policy' ->> 'retentionDays' as days from audit_entry where subject = $1 order by block`,
    [id],
  );
  expect(rows.map((row) => row.days)).toEqual(['14', '30']);
});

it('limit the calls of each flow until the limit is taken away', async () => {
  const { ada } = await house.aWorkspace({ ada: ['owner'] });
  const [dev] = await environments.list(ada.workspace);
  const id = dev?.id ?? '';
  const policy = { approval: false, production: false };
  const flowLimits = { callsPerSecond: 10, burst: 20 };
  await policies.set(ada, id, { ...policy, flowLimits });
  expect((await policies.set(ada, id, policy)).policy.flowLimits).toEqual(flowLimits);
  expect((await policies.set(ada, id, { ...policy, flowLimits: null })).policy.flowLimits).toBeUndefined();
});
