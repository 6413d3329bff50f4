/** Storage a workspace may use, in bytes. */
export interface Quota {
  each: number;
  byWorkspace: ReadonlyMap<string, number>;
}

export type StorageState = 'ok' | 'near' | 'full';

export function quotaOf({ each, byWorkspace }: Quota, workspace: string): number {
  return byWorkspace.get(workspace) ?? each;
}

/** `near` from 80 % on, `full` from 100 %. */
export function stateOf(bytes: number, quota: number): StorageState {
  const share = bytes / quota;
  return share >= 1 ? 'full' : share >= 0.8 ? 'near' : 'ok';
}
