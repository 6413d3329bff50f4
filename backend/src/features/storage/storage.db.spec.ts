import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { StorageService } from './storage.service.js';

let features: OpenFeatures;

beforeAll(async () => {
  features = await openFeatures();
});
afterAll(() => features.close());

it.each([
  [790, 'ok'],
  [800, 'near'],
  [999, 'near'],
  [1000, 'full'],
] as const)('calls %i of 1000 bytes %s, and tells apart what is kept for how long', async (bytes, state) => {
  const { ada, eve } = {
    ...(await features.aWorkspace({ ada: ['owner'] })),
    ...(await features.aWorkspace({ eve: ['owner'] })),
  };
  await features.pool.query(
    `insert into stored_bytes (workspace_id, keep_days, day, bytes) values
       ($1, 0, '2026-01-01', 100), ($1, 30, '2026-01-01', 200), ($1, 30, '2026-01-02', $3::bigint - 300), ($2, 30, '2026-01-01', 5)`,
    [ada.workspace, eve.workspace, bytes],
  );
  const quota = { each: 10_000, byWorkspace: new Map([[ada.workspace, 1000]]) };
  const storage = new StorageService(features.get(DataSource), quota);
  expect(await storage.get(ada.workspace)).toEqual({
    used: bytes,
    quota: 1000,
    state,
    kept: [{ days: 30, bytes: bytes - 100 }],
    log: 100,
  });
  expect(await storage.get(eve.workspace)).toMatchObject({ used: 5, quota: 10_000, state: 'ok', log: 0 });
});
