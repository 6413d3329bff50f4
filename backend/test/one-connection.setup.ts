import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { SealRepository } from '../src/features/audit/seal/seal.repository.js';

/**
 * What holds one of the API's few connections must not wait for another: as many at once as there are connections wait
 * for ever, each for the rest. A single request passes, so no test of one request shows it: here each is refused.
 */
const held = new AsyncLocalStorage<pg.Pool | 'as a lock'>();

type Method<T> = (this: T, ...given: unknown[]) => unknown;

// Bare on purpose: each is called with its owner below.
const { transaction } = EntityManager.prototype as unknown as { transaction: Method<EntityManager> };
const { connect } = pg.Pool.prototype as unknown as { connect: Method<pg.Pool> };
const { alone } = SealRepository.prototype as unknown as { alone: Method<SealRepository> };

// Files of one worker share it: the second finds it done.
const isDone = Symbol.for('sluice: one connection');
if (!Reflect.has(pg.Pool.prototype, isDone)) {
  Object.assign(pg.Pool.prototype, { [isDone]: true });
  Object.assign(EntityManager.prototype, {
    transaction(this: EntityManager, ...given: unknown[]) {
      if (held.getStore() === 'as a lock') return transaction.apply(this, given);
      const { master } = this.dataSource.driver as PostgresDriver;
      const watched = given.map((one) =>
        typeof one === 'function' ? (tx: EntityManager) => held.run(master, () => one(tx)) : one,
      );
      return transaction.apply(this, watched);
    },
  });

  Object.assign(pg.Pool.prototype, {
    connect(this: pg.Pool, ...given: unknown[]) {
      if (held.getStore() === this) throw new Error('This reads outside of the transaction that it is part of.');
      return connect.apply(this, given);
    },
  });

  // One holder in a whole installation: whom it waits for doesn't wait for it.
  Object.assign(SealRepository.prototype, {
    alone(this: SealRepository, ...given: unknown[]) {
      return held.run('as a lock', () => alone.apply(this, given));
    },
  });
}
