import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { lookBack, type Place } from './look-back.js';

@Entity('thing')
class Thing {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'timestamptz' }) at!: Date;
  @Column({ type: 'text' }) said!: string;
}

const count = 1000;
const newest = Date.parse('2026-11-01T12:00:00.000Z');
/** One a day, thing_0000 the newest; two of a time stand together. One in a hundred is rare. */
const seed = `insert into thing select 'thing_' || lpad(n::text, 4, '0'), timestamptz '2026-11-01T12:00:00Z' - (n / 2) * interval '1 day',
  case when n % 100 = 99 then 'rare' else 'often' end from generate_series(0, ${count - 1}) n`;

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await new DataSource({ type: 'postgres', url: database.url, entities: [Thing] }).initialize();
  await source.query('create table thing (id text primary key, at timestamptz not null, said text not null)');
  await source.query(seed);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

interface Asking {
  said?: string;
  after?: Place | null;
  limit?: number;
  budgetMs?: number;
}

async function ask({ said, after = null, limit = 10, budgetMs = 60_000 }: Asking) {
  return await lookBack(
    {
      indexed: () => source.getRepository(Thing).createQueryBuilder('thing').where('true'),
      narrow: said === undefined ? null : (query) => void query.andWhere('thing.said = :said', { said }),
      order: { at: 'thing.at', id: 'thing.id' },
      placeOf: ({ at, id }) => ({ at, id }),
    },
    { after, limit, now: newest, windowRows: 30, budgetMs },
  );
}

/** All pages, in order. */
async function readAll(asking: Asking): Promise<{ ids: string[]; pages: number; full: number }> {
  const ids: string[] = [];
  let [pages, full] = [0, 0];
  for (let after: Place | null = null; ; ) {
    const { rows, next, searchedTo } = await ask({ ...asking, after });
    ids.push(...rows.map(({ id }) => id));
    pages += 1;
    if (searchedTo === null && next !== null) full += 1;
    if (next === null) return { ids, pages, full };
    after = next;
  }
}

const inOrder = Array.from({ length: count / 2 }, (_, n) => [2 * n + 1, 2 * n]).flat();
const idOf = (n: number) => `thing_${String(n).padStart(4, '0')}`;
const rare = inOrder.filter((n) => n % 100 === 99).map(idOf);

describe('lookBack', () => {
  it('turns the pages of a list that an index orders, also of what is older than a week', async () => {
    expect(await readAll({ limit: 7 })).toMatchObject({ ids: inOrder.map(idOf), full: Math.floor(count / 7) });
  });

  it('finds each row that a filter lets through once, over the borders of windows', async () => {
    expect(await readAll({ said: 'rare', limit: 3 })).toMatchObject({ ids: rare });
    const often = inOrder.filter((n) => n % 100 !== 99).map(idOf);
    expect((await readAll({ said: 'often', limit: 50 })).ids).toEqual(often);
  });

  it('says how far it came when time is up, and goes on from there', async () => {
    const first = await ask({ said: 'nothing', budgetMs: 0 });
    expect(first).toMatchObject({ rows: [], next: { id: idOf(28) } });
    expect(first.searchedTo).toEqual(first.next?.at);
    const { ids, pages } = await readAll({ said: 'rare', budgetMs: 0 });
    expect(ids).toEqual(rare);
    expect(pages).toBe(Math.ceil(count / 30));
  });

  it('ends with a page that is not full, and with nothing more to look for', async () => {
    expect(await ask({ said: 'nothing' })).toEqual({ rows: [], next: null, searchedTo: null });
    expect(await ask({ said: 'rare', limit: rare.length + 1 })).toMatchObject({ next: null, searchedTo: null });
  });
});
