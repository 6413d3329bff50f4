import { mostViews } from '@sluice/shared/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { ViewsModule } from './views.module.js';
import { ViewsService } from './views.service.js';

let features: OpenFeatures;
let views: ViewsService;
let ada: Actor;
let grace: Actor;
let joan: Actor;
let eve: Actor;

beforeAll(async () => {
  features = await openFeatures({ more: [ViewsModule] });
  views = features.get(ViewsService);
});
beforeEach(async () => {
  ({ ada, grace, joan } = await features.aWorkspace({ ada: ['owner'], grace: ['operator'], joan: ['auditor'] }));
  ({ eve } = await features.aWorkspace({ eve: ['owner'] }));
});
afterAll(() => features.close());

const failed = { screen: 'runs', name: 'Failed', search: { status: 'failed' }, isShared: false } as const;
const names = async (who: Actor) => (await views.list(who)).map(({ name }) => name);

describe('a saved view', () => {
  it('is one’s own, or everybody’s of the workspace and nobody else’s', async () => {
    await views.save(grace, failed);
    await views.save(ada, { ...failed, name: 'All see this', isShared: true });
    expect(await names(grace)).toEqual(['All see this', 'Failed']);
    expect(await names(ada)).toEqual(['All see this']);
    expect(await names(eve)).toEqual([]);
    const [shared] = await views.list(grace);
    expect(shared).toMatchObject({
      isShared: true,
      mayRemove: false,
      madeBy: { id: ada.member },
      search: failed.search,
    });
  });

  it('takes the place of the one of its name', async () => {
    const { id } = await views.save(grace, failed);
    await views.save(ada, failed);
    expect(await views.save(grace, { ...failed, search: { flow: 'flw_1' } })).toMatchObject({ id });
    expect(await views.list(grace)).toMatchObject([{ id, search: { flow: 'flw_1' } }]);
    expect(await views.list(ada)).toMatchObject([{ search: failed.search }]);
  });

  it('is shown to nobody who may not see its screen', async () => {
    await views.save(ada, { ...failed, screen: 'audit', name: 'Sign-in', isShared: true });
    expect(await names(joan)).toEqual(['Sign-in']);
    expect(await names(grace)).toEqual([]);
  });

  it('is everybody’s and removed by those who set the workspace up; each change is in the log', async () => {
    const denied = { code: 'access.denied' };
    await expect(views.save(grace, { ...failed, isShared: true })).rejects.toMatchObject(denied);
    const { id } = await views.save(ada, { ...failed, isShared: true });
    await expect(views.remove(grace, id)).rejects.toMatchObject(denied);
    await expect(views.remove(eve, id)).rejects.toMatchObject({ code: 'view.unknown' });
    const own = await views.save(grace, failed);
    await expect(views.remove(ada, own.id)).rejects.toMatchObject({ code: 'view.unknown' });
    await views.remove(ada, id);
    await views.remove(grace, own.id);
    expect([...(await names(ada)), ...(await names(grace))]).toEqual([]);
    const { rows } = await features.owner.query(
      `select action, subject from audit_entry where workspace_id = $1 and action like 'view.%' order by at, id`,
      [ada.workspace],
    );
    expect(rows.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      `view.saved ${id}`,
      `view.saved ${own.id}`,
      `view.removed ${id}`,
      `view.removed ${own.id}`,
    ]);
  });

  it('is one of a hundred at most', async () => {
    await features.owner.query(
      `insert into saved_view (id, workspace_id, screen, name, search, member_id, made_by)
       select 'viw_' || $2 || n, $1, 'runs', 'View ' || n, '{}', $2, $2 from generate_series(1, $3::int) n`,
      [grace.workspace, grace.member, mostViews],
    );
    await expect(views.save(grace, failed)).rejects.toMatchObject({ code: 'view.too_many' });
    await views.save(ada, failed);
  });
});
