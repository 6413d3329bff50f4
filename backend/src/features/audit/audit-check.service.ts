import { Injectable } from '@nestjs/common';
import { createExportVerifier, type FirstBad } from '@sluice/shared/audit';
import type { auditApi, Reply } from '@sluice/shared/api';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { exportLines } from './audit-export.js';
import { AuditRepository, type LaneRange } from './audit.repository.js';
import { sha256 } from '../../journal/seal-key.js';

type Verification = Reply<typeof auditApi.verify>;
type Status = Reply<typeof auditApi.status>;

/** A check younger than this stands for the seal of the shell. */
const freshMs = 60_000;
/** In between only what is new is read; what lies before is read whole once in this time. */
const wholeMs = 3_600_000;

interface LastCheck {
  at: number;
  /** When it was last read from its first block. */
  wholeAt: number;
  ok: boolean;
  heads: Map<string, LaneRange>;
  failedAt: string | null;
}

/** Checks the chain: whole on demand, and what is new since the last check for the seal that every screen shows. */
@Injectable()
export class AuditCheckService {
  private readonly last = new Map<string, LastCheck>();
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly audit: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Every block and entry, from the first. */
  async verify(workspace: string): Promise<Verification> {
    const { ranges, verdict } = await this.check(workspace, new Map());
    this.remember(workspace, { ranges, bad: verdict.firstBad, isWhole: true });
    return {
      ok: verdict.ok,
      entries: verdict.entries,
      blocks: verdict.blocks,
      checkpoint: {
        at: this.clock.iso(),
        lanes: Object.fromEntries(ranges.map(({ lane, n, hash }) => [lane, { n, hash }])),
      },
      ...(verdict.firstBad === undefined ? {} : { firstBad: place(verdict.firstBad) }),
    };
  }

  /** What the last check said; starts the next one when that is older than a minute. */
  async status(workspace: string): Promise<Status> {
    const last = this.last.get(workspace);
    if (last === undefined || last.at + freshMs < this.clock.now()) this.startCheck(workspace);
    const entries = await this.audit.count(workspace);
    if (last === undefined) return { state: 'unchecked', checkedAt: null, entries, failedAt: null };
    return {
      state: last.ok ? 'verified' : 'failed',
      checkedAt: new Date(last.at).toISOString(),
      entries,
      failedAt: last.failedAt,
    };
  }

  private startCheck(workspace: string): void {
    if (this.running.has(workspace)) return;
    const before = this.last.get(workspace);
    const isWhole = before?.ok !== true || before.wholeAt + wholeMs < this.clock.now();
    const heads = isWhole ? new Map<string, LaneRange>() : before.heads;
    const check = this.check(workspace, heads)
      .then(({ ranges, verdict }) =>
        this.remember(workspace, { ranges: [...heads.values(), ...ranges], bad: verdict.firstBad, isWhole }),
      )
      // A log that can't be read leaves the seal at "not checked": it grows older in plain view.
      .catch(() => undefined)
      .finally(() => this.running.delete(workspace));
    this.running.set(workspace, check);
  }

  private async check(workspace: string, heads: ReadonlyMap<string, LaneRange>) {
    return await this.audit.inSnapshot(async (tx) => {
      const lost = await this.findLost(tx, workspace);
      if (lost !== null) return { ranges: [], verdict: { ok: false, entries: 0, blocks: 0, lanes: 0, firstBad: lost } };
      const ranges = (await this.audit.lanes(tx)).flatMap((range) => newPart(range, heads.get(range.lane)));
      const verifier = createExportVerifier(sha256, { known: heads });
      for await (const line of exportLines(this.audit, tx, { workspace, exportedAt: this.clock.iso(), ranges })) {
        if (!verifier.line(line)) break;
      }
      return { ranges, verdict: verifier.end() };
    });
  }

  /** A chain that was made anew, or cut, fits itself: only what was seen before tells. */
  private async findLost(tx: EntityManager, workspace: string): Promise<FirstBad | null> {
    for (const { lane, n, hash } of this.last.get(workspace)?.heads.values() ?? []) {
      const block = await this.audit.findBlock(tx, { lane, n });
      // The chain says so too, or what follows will not verify.
      if (block === null && (await this.audit.isDropped(tx, { lane, n }))) continue;
      if (block === null) return { line: 0, lane, n, why: 'is missing: it was there when the log was checked before' };
      if (block.hash !== hash) return { line: 0, lane, n, why: 'is another than when the log was checked before' };
    }
    return null;
  }

  /** Where the chain was right stays known after a check that failed. */
  private remember(
    workspace: string,
    { ranges, bad, isWhole }: { ranges: readonly LaneRange[]; bad: FirstBad | undefined; isWhole: boolean },
  ): void {
    const before = this.last.get(workspace);
    this.last.set(workspace, {
      at: this.clock.now(),
      wholeAt: isWhole ? this.clock.now() : (before?.wholeAt ?? 0),
      ok: bad === undefined,
      heads: bad === undefined ? new Map(ranges.map((range) => [range.lane, range])) : (before?.heads ?? new Map()),
      failedAt: bad === undefined ? null : `${bad.lane ?? '?'}/${bad.n ?? '?'}/${bad.pos ?? '?'}`,
    });
  }
}

/** The checked head goes in again, if it is there still, so that the link to what follows is checked too. */
function newPart(range: LaneRange, checked: LaneRange | undefined): LaneRange[] {
  if (checked === undefined) return [range];
  return range.n === checked.n && range.hash === checked.hash
    ? []
    : [{ ...range, first: Math.max(range.first, checked.n) }];
}

function place({ lane, n, pos, why }: FirstBad) {
  return { lane: lane ?? '', block: n ?? 0, position: pos ?? null, why };
}
