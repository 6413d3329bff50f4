import type { Log } from '../platform/log.js';
import type { Deployment } from './deployments.js';
import type { RunMemory } from './run-memory.js';
import type { RunStore } from './store/run-store.js';

/**
 * Runs that go one after another. Who may begin is decided where runs are claimed; here the next one is told at once, and
 * should this process die before it does so, the run's own job looks again.
 */
export class Lines {
  constructor(private readonly rooms: { store: RunStore; log: Log; nudge(): void }) {}

  /** A run of a line ended. */
  goOn({ deployment, line }: { deployment: Pick<Deployment, 'flow' | 'environment'>; line: RunMemory['line'] }): void {
    if (line === null) return;
    const { store, log, nudge } = this.rooms;
    const place = { flow: deployment.flow.id, environment: deployment.environment };
    store.wakeNext({ ...place, key: line.key }).then(nudge, (error: unknown) => {
      log.warn('the next run of a line goes on a little later', { ...place, error });
    });
  }
}
