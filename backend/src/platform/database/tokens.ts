/** The pool for reads and small writes outside TypeORM (rate limits, sessions). */
export const databasePool = Symbol('databasePool');
