import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { NoticesService } from './notices.service.js';

let features: OpenFeatures;
let notices: NoticesService;
let ada: Actor;

beforeAll(async () => {
  features = await openFeatures();
  notices = features.get(NoticesService);
});
afterAll(() => features.close());
beforeEach(async () => {
  ({ ada } = await features.aWorkspace({ ada: ['owner'] }));
});

const due = (id: string) => ({
  workspace: ada.workspace,
  kind: 'connection.due' as const,
  about: { kind: 'connection' as const, id, name: 'Books' },
  audience: { members: [ada.member] },
  detail: { days: 7 },
});

describe('what is told', () => {
  it('is told with what it tells of, or not at all', async () => {
    await features.get(DataSource).transaction((tx) => notices.tell(tx, due('con_kept')));
    const failing = features.get(DataSource).transaction(async (tx) => {
      await notices.tell(tx, due('con_lost'));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const { rows } = await features.pool.query(`select about from notice_cause where workspace_id = $1`, [
      ada.workspace,
    ]);
    expect(rows).toEqual([{ about: { kind: 'connection', id: 'con_kept', name: 'Books' } }]);
  });
});
