import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../../test/open-features.js';
import { AccessNoticesService } from './access-notices.service.js';
import { AccessReviewsService } from './access-reviews.service.js';

const dayMs = 86_400_000;
let house: OpenFeatures;

beforeAll(async () => {
  house = await openFeatures();
});
afterAll(() => house.close());

it('owners and auditors hear that an access is due two weeks before and when it is, once each', async () => {
  const { ada, arno, lena } = await house.aWorkspace({ ada: ['owner'], arno: ['auditor'], lena: ['builder'] });
  const reviews = house.get(AccessReviewsService);
  const told = async (day: number) => {
    house.clock.ahead = day * dayMs;
    await house.get(AccessNoticesService).sweep();
    const { rows } = await house.pool.query(
      `delete from notice_cause where kind = 'access_review.due' and workspace_id = $1 returning audience, detail`,
      [ada.workspace],
    );
    return rows;
  };
  const sign = async (by: typeof ada, { member }: typeof ada) => {
    const found = (await reviews.list(by)).find((one) => one.member.id === member);
    await reviews.sign(by, { member, seen: found?.seen ?? '' });
  };
  const audience = { roles: ['owner', 'auditor'] };
  // New members: nobody has to have looked yet.
  expect(await told(1)).toEqual([]);
  expect(await told(15)).toEqual([{ audience, detail: { due: 3, soon: 0 } }]);
  expect(await told(16)).toEqual([]);
  await sign(arno, ada);
  await sign(arno, lena);
  expect(await told(16 + 75)).toEqual([]);
  expect(await told(16 + 77)).toEqual([{ audience, detail: { due: 0, soon: 2 } }]);
  await sign(arno, ada);
  expect(await told(16 + 91)).toEqual([{ audience, detail: { due: 1, soon: 0 } }]);
  expect(await told(16 + 92)).toEqual([]);
  await house.pool.query(`update member set roles = '{builder,operator}' where id = $1`, [lena.member]);
  expect(await told(16 + 93)).toEqual([{ audience, detail: { due: 1, soon: 0 } }]);
});

it('nobody hears of it who is alone: nobody looks at himself', async () => {
  const { eva } = await house.aWorkspace({ eva: ['owner'] });
  house.clock.ahead = 15 * dayMs;
  await house.get(AccessNoticesService).sweep();
  const { rows } = await house.pool.query('select 1 from notice_cause where workspace_id = $1', [eva.workspace]);
  expect(rows).toEqual([]);
});
