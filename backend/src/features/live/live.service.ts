import { Injectable } from '@nestjs/common';
import { Changes } from '../../platform/changes.js';
import type { EventStream } from '../../platform/http/event-stream.js';

const topics = [
  'flows',
  'presence',
  'runs',
  'inbox',
  'grants',
  'connections',
  'connectors',
  'environments',
  'deployments',
  'members',
  'tokens',
  'kill-switches',
  'keys',
  'audit',
  'notices',
] as const;
type Topic = (typeof topics)[number];

/** Live figures change at most twice a second (ui.md, 8). */
const gatherMs = 500;

/** Tells open pages which lists to read again. It says only that something changed: what, each reader may ask for. */
@Injectable()
export class LiveService {
  constructor(private readonly changes: Changes) {}

  follow(stream: EventStream): void {
    const changed = new Set<Topic>();
    let timer: NodeJS.Timeout | null = null;
    const flush = () => {
      timer = null;
      for (const topic of changed) stream.send('changed', { topic });
      changed.clear();
    };
    const releases = topics.map((topic) =>
      this.changes.on(topic, () => {
        changed.add(topic);
        timer ??= setTimeout(flush, gatherMs);
      }),
    );
    stream.onEnd(() => {
      if (timer !== null) clearTimeout(timer);
      for (const release of releases) release();
    });
  }
}
