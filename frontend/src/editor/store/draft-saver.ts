import type { FlowDocument, FlowProblem, Manifest } from '@sluice/shared/flow';
import type { SaveState } from './editor-store.js';

interface Saved {
  revision: number;
  problems: FlowProblem[];
  manifest: Manifest;
}

export interface DraftSaver {
  /** The draft is another; it is sent once typing rests. */
  changed(document: FlowDocument): void;
  /** Sends what is unsent now. Whether all is kept on the server. */
  flush(): Promise<boolean>;
  revision(): number;
  stop(): void;
}

/** Keeps the draft on the server: one save at a time, the newest document last, a failed one again after a while. */
export function createDraftSaver(options: {
  document: FlowDocument;
  revision: number;
  send: (document: FlowDocument, baseRevision: number) => Promise<Saved>;
  onState: (state: SaveState) => void;
  onSaved: (document: FlowDocument, saved: Saved) => void;
  now: () => Date;
  /** `conflict` ends saving until a reload, `retry` tries again by itself, `refused` waits for the next change. */
  judge: (thrown: unknown) => { kind: 'conflict' | 'retry' | 'refused'; message: string };
  restMs?: number;
  retryMs?: number;
}): DraftSaver {
  let saved = options.document;
  let latest = options.document;
  let revision = options.revision;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inFlight: Promise<void> | null = null;
  let isOver = false;

  function plan(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  async function sendLatest() {
    const document = latest;
    options.onState({ kind: 'saving' });
    try {
      const reply = await options.send(document, revision);
      revision = reply.revision;
      saved = document;
      options.onSaved(document, reply);
      if (latest === document) options.onState({ kind: 'saved', at: options.now().toISOString() });
      else options.onState({ kind: 'pending' });
    } catch (thrown) {
      const { kind, message } = options.judge(thrown);
      isOver ||= kind === 'conflict';
      options.onState(kind === 'conflict' ? { kind } : { kind: 'failed', message });
      if (kind === 'retry' && !isOver) plan(options.retryMs ?? 5000);
      throw thrown;
    }
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer);
    try {
      // What changes while one save is under way goes with the next.
      while (!isOver && (inFlight !== null || latest !== saved)) {
        inFlight ??= sendLatest().finally(() => {
          inFlight = null;
        });
        await inFlight;
      }
    } catch {
      // Told through onState.
    }
    return latest === saved;
  }

  return {
    changed(document) {
      if (document === latest) return;
      latest = document;
      if (isOver) return;
      if (inFlight === null) options.onState(latest === saved ? { kind: 'saved', at: null } : { kind: 'pending' });
      plan(options.restMs ?? 700);
    },
    flush,
    revision: () => revision,
    stop() {
      clearTimeout(timer);
      isOver = true;
    },
  };
}
