import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose rows the work at hand may see. Null for no workspace: then it sees none. */
interface Scope {
  workspace: string | null;
  /** By name; null for every environment of the workspace. */
  environments: readonly string[] | null;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs something that belongs to nobody yet: a request before it is known who asks. */
export function inNewScope<T>(work: () => T): T {
  return scopes.run({ workspace: null, environments: null }, work);
}

/** From here on, until the scope ends, the work is this workspace's; outside of a scope nothing is said. */
export function enterWorkspace(workspace: string | null, environments: readonly string[] | null = null): void {
  const scope = scopes.getStore();
  if (scope !== undefined) Object.assign(scope, { workspace, environments });
}

/** What the database is told of the work at hand: the settings that its row rules read. */
export function scopeSettings(): { workspace: string; environments: string } {
  const { workspace = null, environments = null } = scopes.getStore() ?? {};
  if (workspace === null) return { workspace: '', environments: '' };
  return { workspace, environments: environments === null ? '*' : environments.join(',') };
}
