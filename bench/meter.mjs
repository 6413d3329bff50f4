import { cpuMs } from './processes.mjs';

/**
 * Notes what the machine has spent so far; `perRun` answers what each of so many runs took since: CPU of our processes
 * and of PostgreSQL (without sender, sink and the system's own work), WAL, and growth of tables and indexes.
 */
export async function startMeter({ product, database }) {
  const read = async () => {
    const [row] = await database.query(
      `select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as wal, sum(pg_total_relation_size(c.oid)) as disk
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname like 'sluice%' and c.relkind in ('r', 'p')`,
    );
    return {
      product: cpuMs(product.pid()),
      postgres: cpuMs(database.pid),
      wal: Number(row.wal),
      disk: Number(row.disk),
    };
  };
  const before = await read();
  return {
    async perRun(runs) {
      const after = await read();
      const each = (name) => (after[name] === undefined ? undefined : (after[name] - before[name]) / runs);
      return {
        cpuMsPerRun: each('product') === undefined ? undefined : each('product') + each('postgres'),
        postgresCpuMsPerRun: each('postgres'),
        walBytesPerRun: each('wal'),
        diskBytesPerRun: each('disk'),
      };
    },
  };
}
