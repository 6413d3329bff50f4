import {
  changesBetween,
  type DraftChange,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  mergeDrafts,
} from '@sluice/shared/flow';
import type { SaveState } from './editor-store.js';

/** A draft as the server holds it. */
export interface HeldDraft {
  document: FlowDocument;
  revision: number;
}

/** What others made of the draft that both began from. */
interface Others {
  base: FlowDocument;
  theirs: HeldDraft;
}

interface Saved {
  revision: number;
  problems: FlowProblem[];
  manifest: Manifest;
  /** The draft with what others changed meanwhile; left out when nobody did. */
  document?: FlowDocument | undefined;
}

export interface DraftSaver {
  /** The draft is another; its changes are sent once typing rests. */
  changed(document: FlowDocument): void;
  /** Sends what is unsent now. Whether all is kept on the server. */
  flush(): Promise<boolean>;
  /** The server holds this revision: takes in what is not known of it. */
  refresh(revision: number): Promise<void>;
  /** Ends a conflict: mine stands at the collisions named, theirs at the others. */
  resolve(keep: ReadonlySet<string>): Promise<void>;
  /** What the server is known to hold: the changes that are unsent are made to it. */
  held(): HeldDraft;
  stop(): void;
}

/**
 * Keeps the draft on the server as changes to what it holds: one save at a time, the newest last, a failed one again after a
 * while. What others changed meanwhile is merged in; where both changed one thing, nothing is sent until a person chose.
 */
export function createDraftSaver(options: {
  held: HeldDraft;
  send: (changes: DraftChange[], baseRevision: number) => Promise<Saved>;
  load: () => Promise<HeldDraft>;
  /** Puts what others did since `base` into what is drawn, and what can be undone. */
  adopt: (others: { base: FlowDocument; theirs: FlowDocument }, keep: ReadonlySet<string>) => void;
  onState: (state: SaveState) => void;
  onSaved: (document: FlowDocument, saved: Saved) => void;
  now: () => Date;
  /** `conflict`: somebody else changed the same; `retry` tries again by itself, `refused` waits for the next change. */
  judge: (thrown: unknown) => { kind: 'conflict' | 'retry' | 'refused'; message: string };
  restMs?: number;
  retryMs?: number;
}): DraftSaver {
  let held = options.held;
  let latest = held.document;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inFlight: Promise<void> | null = null;
  let conflict: Others | null = null;
  let isOver = false;

  function plan(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  async function sendLatest() {
    const document = latest;
    const changes = changesBetween(held.document, document);
    if (changes.length === 0) {
      held = { ...held, document };
      return options.onState({ kind: 'saved', at: null });
    }
    options.onState({ kind: 'saving' });
    const reply = await options.send(changes, held.revision);
    const theirs = { document: reply.document ?? document, revision: reply.revision };
    options.onSaved(theirs.document, reply);
    takeIn({ base: document, theirs });
  }

  /** Merges what others did with what is drawn, or asks where both changed one thing. */
  function takeIn(others: Others, keep?: ReadonlySet<string>) {
    const { base, theirs } = others;
    const { collisions } = mergeDrafts({ base, mine: latest, theirs: theirs.document });
    const isOpen = collisions.length > 0 && keep === undefined;
    conflict = isOpen ? others : null;
    if (isOpen) return options.onState({ kind: 'conflict', collisions });
    held = theirs;
    if (base !== theirs.document) options.adopt({ base, theirs: theirs.document }, keep ?? new Set());
    options.onState(
      latest === held.document ? { kind: 'saved', at: options.now().toISOString() } : { kind: 'pending' },
    );
  }

  /** Whether there was anything new. */
  async function loadTheirs(): Promise<boolean> {
    const theirs = await options.load();
    if (theirs.revision === held.revision) return false;
    takeIn({ base: conflict?.base ?? held.document, theirs });
    return true;
  }

  async function oneSave() {
    try {
      try {
        await sendLatest();
      } catch (thrown) {
        if (options.judge(thrown).kind !== 'conflict') throw thrown;
        if (!(await loadTheirs())) throw thrown;
      }
    } catch (thrown) {
      const { kind, message } = options.judge(thrown);
      options.onState({ kind: 'failed', message, isTriedAgain: kind === 'retry' });
      if (kind === 'retry' && !isOver) plan(options.retryMs ?? 5000);
      throw thrown;
    }
  }

  function alone(work: () => Promise<void>): Promise<void> {
    inFlight ??= work().finally(() => {
      inFlight = null;
    });
    return inFlight;
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer);
    try {
      // What changes while one save is under way goes with the next.
      while (!isOver && conflict === null && (inFlight !== null || latest !== held.document)) await alone(oneSave);
    } catch {
      // Told through onState.
    }
    return latest === held.document;
  }

  return {
    changed(document) {
      if (document === latest) return;
      latest = document;
      if (isOver) return;
      if (conflict !== null) return takeIn(conflict);
      if (latest === held.document) options.onState({ kind: 'saved', at: null });
      else if (inFlight === null) options.onState({ kind: 'pending' });
      plan(options.restMs ?? 700);
    },
    flush,
    async refresh(revision) {
      await inFlight?.catch(() => undefined);
      if (isOver || held.revision >= revision) return;
      // A save that comes after it finds out by itself.
      await alone(async () => void (await loadTheirs())).catch(() => undefined);
      await flush();
    },
    async resolve(keep) {
      if (conflict === null) return;
      takeIn(conflict, keep);
      await flush();
    },
    held: () => held,
    stop() {
      clearTimeout(timer);
      isOver = true;
    },
  };
}
