import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { PgRunStore } from './pg-run-store.js';

let open: OpenJournal;
let store: PgRunStore;

beforeEach(async () => {
  open = await openJournal();
  store = new PgRunStore(open);
});
afterEach(() => open.close());

it('leaves jobs to others when the process that fetched them was taken for dead meanwhile', async () => {
  await open.queue.enqueue(open.pool, [{ run: 'run_1', workspace: 'wsp_1', after: null }]);
  const jobs = await store.fetch(10, []);
  expect(await store.claim(jobs, 'prc_dead')).toEqual([]);
  expect(await states()).toEqual(['active']);

  await store.register('prc_living', []);
  await store.claim(jobs, 'prc_living');
  expect(await states()).toEqual(['completed']);
});

async function states(): Promise<string[]> {
  const { rows } = await open.pool.query(`select state from ${open.cell.queueSchema}.job where name = 'run'`);
  return rows.map(({ state }) => state);
}
