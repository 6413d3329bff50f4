import { runsApi } from '@sluice/shared/api';
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { addressOf } from './client.js';
import { flowsQuery } from './queries.js';
import { runsRenewer } from './renew-runs.js';

const changedSchema = z.object({ topic: z.string() });
/** Live figures change at most twice a second. */
const gatherMs = 500;
/** The server ends a stream now and then and the browser asks again: only a longer gap is a loss. */
const graceMs = 6000;
/** After an answer that was no stream (a proxy's error page), which the browser takes as final. */
const reopenMs = 3000;

export type LiveState = 'connecting' | 'live' | 'lost';

/**
 * Renews whatever a `changed` event of the workspace names; tells whether the stream stands. One stream a page, for
 * all its lists: browsers open six connections to a server over HTTP/1.1.
 */
export function useLiveWorkspace(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => follow(client, setState), [client]);
  return state;
}

/** Follows the stream until the returned function is called. */
function follow(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const topics = gather(client);
  let source: EventSource;
  let wasInterrupted = false;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  function open() {
    source = new EventSource(addressOf(runsApi.live));
    source.addEventListener('open', () => {
      clearTimeout(lost);
      lost = undefined;
      if (wasInterrupted) renewAll(client);
      wasInterrupted = false;
      onState('live');
    });
    source.addEventListener('error', () => {
      wasInterrupted = true;
      lost ??= setTimeout(() => onState('lost'), graceMs);
      if (source.readyState === EventSource.CLOSED) reopen = setTimeout(open, reopenMs);
    });
    source.addEventListener('changed', (event) => {
      const changed = changedSchema.safeParse(readData(event));
      if (changed.success) topics.add(changed.data.topic);
    });
  }
  open();
  return () => {
    source.close();
    clearTimeout(lost);
    clearTimeout(reopen);
    topics.stop();
  };
}

/** What happened in a gap was told to nobody. The list of the log stays: reading it writes to it. */
function renewAll(client: QueryClient): void {
  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'audit-list' });
}

function gather(client: QueryClient): { add: (topic: string) => void; stop: () => void } {
  const topics = new Set<string>();
  const renewRuns = runsRenewer(client);
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(topic) {
      topics.add(topic);
      timer ??= setTimeout(() => {
        timer = undefined;
        if (topics.has('runs')) renewRuns();
        for (const each of topics) void client.invalidateQueries({ queryKey: renewedBy(each) });
        topics.clear();
      }, gatherMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

/** The list of flows tells each flow's last run. */
function renewedBy(topic: string): QueryKey {
  return topic === 'runs' ? flowsQuery().queryKey : [topic];
}

function readData(event: MessageEvent): unknown {
  try {
    return JSON.parse(String(event.data));
  } catch {
    return undefined;
  }
}
