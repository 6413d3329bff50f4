import { enterWorkspace, inNewScope } from '../workspace-scope.js';

/**
 * For what time brings about and nobody asks for: does it for one workspace after the other, each in its own scope, so that
 * what sees rows sees those of one workspace also then. `database` is the program's own pool (`databasePool`).
 */
export async function inEachWorkspace(
  database: { query(text: string): Promise<{ rows: { id: string }[] }> },
  work: (workspace: string) => Promise<void>,
): Promise<void> {
  const { rows } = await database.query('select id from workspace order by id');
  for (const { id } of rows) {
    await inNewScope(async () => {
      enterWorkspace(id);
      await work(id);
    });
  }
}
