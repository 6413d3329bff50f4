import pg from 'pg';
import { scopeSettings } from '../workspace-scope.js';
import { hearBreaks } from './cell.js';

type Done = (release?: boolean | Error) => void;
type Lent = (error: Error | undefined, client: pg.PoolClient | undefined, done: Done) => void;

/**
 * Connections of the API. Each is told whose work it does when it is lent out, and told again only when that is another
 * workspace than before: with one workspace no query costs more, and what an earlier borrower could see the next can't.
 */
export class WorkspacePool extends pg.Pool {
  private readonly told = new WeakMap<pg.PoolClient, string>();

  constructor(config?: pg.PoolConfig) {
    super(config);
    this.on('connect', hearBreaks);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(lent: Lent): void;
  override connect(lent?: Lent): Promise<pg.PoolClient> | void {
    if (lent === undefined) return this.lend();
    this.lend().then(
      (client) => lent(undefined, client, (release) => client.release(release)),
      (error: Error) => lent(error, undefined, () => undefined),
    );
  }

  private async lend(): Promise<pg.PoolClient> {
    const { workspace, environments } = scopeSettings();
    const wanted = `${workspace} ${environments}`;
    const client = await super.connect();
    if (this.told.get(client) === wanted) return client;
    try {
      await client.query(
        "select set_config('sluice.workspace', $1, false), set_config('sluice.environments', $2, false)",
        [workspace, environments],
      );
    } catch (error) {
      // Nobody knows what it was told.
      client.release(true);
      throw error;
    }
    this.told.set(client, wanted);
    return client;
  }
}

/** For TypeORM, which makes its own pool. */
export const workspaceDriver = { ...pg, Pool: WorkspacePool };

/** For what is done in another workspace than the request's: the transaction's end undoes it. */
export async function switchWorkspace(
  tx: { query(text: string, values: unknown[]): Promise<unknown> },
  workspace: string,
): Promise<void> {
  await tx.query("select set_config('sluice.workspace', $1, true), set_config('sluice.environments', '*', true)", [
    workspace,
  ]);
}
