import type { Fault, SqlDouble } from './double.js';

/** What a database with one table of orders says for itself. */
interface DatabaseStandIn {
  host: string;
  /** How it refuses a statement about a table that it has not. */
  missing: { code: string; message: string };
}

/** A database's stand-in. It knows the statements of the samples and of the test, and refuses the rest. */
export function databaseStandIn({ host, missing }: DatabaseStandIn): SqlDouble {
  const accounts = new Map<string, string>();
  const effects: string[] = [];
  let fault: Fault | undefined;
  return {
    host,
    grant() {
      const username = `reader_${accounts.size + 1}`;
      const password = `double-database-password-${accounts.size + 1}`;
      accounts.set(username, password);
      return { kind: 'basic', username, password };
    },
    accepts: ({ username, password }) => accounts.get(username) === password,
    async carryOut({ statement, parameters }) {
      const now = fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit' || now === 'unavailable') return 'away';
      if (statement.endsWith(' as writes')) return { do: 'done', rows: [{ writes: 1 }], changed: 0, isCut: false };
      if (now === 'reject' || !/ orders /.test(statement)) return { do: 'refused', isDenied: false, ...missing };
      const isWrite = statement.startsWith('update ');
      if (isWrite) effects.push(`update of order ${parameters.join()}`);
      if (now === 'drop-reply') return 'drop';
      const rows = isWrite ? [] : [{ number: parameters[0] ?? null, total: '129.00' }];
      return { do: 'done', rows, changed: isWrite ? 1 : 0, isCut: false };
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}
