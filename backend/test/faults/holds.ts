import {
  Broker,
  type BrokerAnswer,
  type BrokerRequest,
  type CallBounds,
  type Capability,
} from '../../src/broker/call.js';
import type { RunStore } from '../../src/engine/store/run-store.js';
import type { Journal } from '../../src/journal/journal.js';
import type { JournalRecord, Stored } from '../../src/journal/records.js';

const heldPoints = ['claim', 'intent-committed', 'answer-read', 'outcome-committed', 'next-enqueued'] as const;
export type HeldPoint = (typeof heldPoints)[number];

type Append = Pick<Journal, 'append' | 'hasRoom'>;

/** The name of an order whose run stops at a point: `answer-read@held_12`. */
const heldOrder = /^msg_(.+)@held_/;

/**
 * Stops chosen runs at their points, each for ever: what the process is killed with is then known, and one kill hits a run
 * at each point. Nothing outside can tell it from a process that died there: what is committed is, and nothing more happens.
 */
export class Holds {
  private readonly pointOf = new Map<string, HeldPoint>();

  constructor(private readonly onHeld: (point: HeldPoint) => void) {}

  journal(journal: Append): Append {
    return {
      hasRoom: () => journal.hasRoom(),
      append: async (record) => {
        this.meet(record);
        const stored = await journal.append(record);
        return this.isPassed(record, stored) ? await this.hold(runOf(record)) : stored;
      },
    };
  }

  broker(broker: Broker): Broker {
    return new HeldBroker(broker, (run, point) => (this.pointOf.get(run) === point ? this.hold(run) : undefined));
  }

  /** What was claimed belongs to this process, which then knows nothing of it. */
  store(store: RunStore): RunStore {
    const claim = store.claim.bind(store);
    store.claim = async (jobs, owner) => {
      const claimed = await claim(jobs, owner);
      const isHeld = ({ id }: { id: string }) => this.pointOf.get(id) === 'claim';
      for (const { id } of claimed.filter(isHeld)) void this.hold(id);
      return claimed.filter((run) => !isHeld(run));
    };
    return store;
  }

  /** A run that begins here: where it shall stop is in the name of its order. */
  private meet({ event, run }: JournalRecord): void {
    const point = heldPoints.find((one) => one === heldOrder.exec(event?.messageId ?? '')?.[1]);
    if (run !== undefined && point !== undefined) this.pointOf.set(run.id, point);
  }

  private isPassed(record: JournalRecord, { kind }: Stored): boolean {
    const point = this.pointOf.get(runOf(record));
    if (kind !== 'stored' || record.run !== undefined) return false;
    if (point === 'next-enqueued') return (record.jobs ?? []).length > 0;
    return point === 'outcome-committed' && record.entries.some(({ action }) => action === 'step.outcome');
  }

  private hold(run: string): Promise<never> {
    const point = this.pointOf.get(run);
    if (point !== undefined) this.onHeld(point);
    return new Promise(() => undefined);
  }
}

class HeldBroker extends Broker {
  constructor(
    private readonly broker: Broker,
    private readonly holdAt: (run: string, point: HeldPoint) => Promise<never> | undefined,
  ) {
    super();
  }

  async call(capability: Capability, request: BrokerRequest, bounds?: CallBounds): Promise<BrokerAnswer> {
    await this.holdAt(capability.run ?? '', 'intent-committed');
    const answer = await this.broker.call(capability, request, bounds);
    await this.holdAt(capability.run ?? '', 'answer-read');
    return answer;
  }

  mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
    return this.broker.mint(claim);
  }

  hasFreeSlot(): boolean {
    return this.broker.hasFreeSlot();
  }
}

function runOf({ run, fence, update }: JournalRecord): string {
  return run?.id ?? fence?.run ?? update?.run ?? '';
}
