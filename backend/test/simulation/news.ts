import type { ChangeTopic, Changes } from '../../src/platform/changes.js';
import type { Machine } from './machine.js';

type Listener = Parameters<Changes['on']>[1];

/** What one process says and all hear, some later, some never: whoever was cut off hears that it missed something. */
export class News {
  private readonly listeners = new Set<{ machine: Machine; topic: ChangeTopic; listener: Listener }>();

  /** As a machine sees it. */
  of(machine: Machine): Pick<Changes, 'on'> {
    return {
      on: (topic, listener) => {
        const one = { machine, topic, listener };
        this.listeners.add(one);
        return () => this.listeners.delete(one);
      },
    };
  }

  tell(topic: ChangeTopic, ids: readonly string[]): void {
    for (const { machine, topic: wanted, listener } of this.listeners) {
      if (wanted !== topic || !machine.alive) continue;
      const { world, isStormy } = machine;
      const isLost = isStormy && world.chance.happens(0.1);
      // A listener that was cut off connects again and takes everything for changed.
      if (isLost) machine.after(world.chance.between(100, 3000), () => listener(null));
      else machine.after(world.chance.between(0.5, 200), () => listener(ids));
    }
  }
}
