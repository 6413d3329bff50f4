import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { findLinkProblem, findRootProblem, fromHex, verifyInclusion } from '@sluice/shared/audit';
import { DataSource } from 'typeorm';
import { sha256 } from '../../../journal/seal-key.js';
import { Clock } from '../../../platform/clock.js';
import { isDatabaseAway } from '../../../platform/database/is-database-away.js';
import { random } from '../../../platform/ids.js';
import { Log } from '../../../platform/log.js';
import { SealRepository } from './seal.repository.js';
import { keepSelfCheck, lastSelfCheck, type Sampled, sampleOf, type SelfCheck } from './self-check-rows.js';
import { TreeProofs } from './tree-proofs.js';
import { leafOfBlock } from './tree-state.js';

const everyMs = 60_000;
/** Of the newest, and as many older ones in a row: at most 1,000 entries each. */
const blocksAtATime = 64;

type Found = Pick<SelfCheck, 'blocks' | 'entries' | 'bad' | 'why'>;

/**
 * Hashes the newest blocks and some older ones anew each minute, from their entries up to the signed tree. What does not
 * fit stops the seal in every process, until a later check finds it as it was. Of several processes one checks.
 */
@Injectable()
export class SelfCheckService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;

  constructor(
    private readonly seals: SealRepository,
    private readonly proofs: TreeProofs,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.tick();
    this.timer = setInterval(() => this.tick(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.round;
  }

  /** One round, unless one is under way. */
  tick(): void {
    this.round ??= this.check()
      .catch((error: unknown) => {
        if (!isDatabaseAway(error)) this.log.warn('the log could not check itself; trying again', { error });
      })
      .finally(() => {
        this.round = null;
      });
  }

  /** Checks, unless a process did within the last minute. `start`, from 0 to 1: where in the log the older blocks are taken. */
  async check(start = random()): Promise<void> {
    await this.seals.alone(async (tx) => {
      const last = await lastSelfCheck(tx);
      // A timer fires a little early now and then.
      if (last !== null && last.at.getTime() + everyMs / 2 > this.clock.now()) return;
      const older = last?.bad ?? null;
      const first = await this.look(older, start);
      // Retention may have dropped a day while it was read: what is wrong is so at the second look too.
      const found = first.why === null ? first : await this.look(older, start);
      await keepSelfCheck(tx, { at: this.clock.date(), ...found });
    }, 'check');
  }

  /** `older`: where the blocks begin that are looked at beside the newest; null: anywhere, as `start` (0 to 1) says. */
  private async look(older: number | null, start: number): Promise<Found> {
    return await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const latest = await this.seals.latest(tx);
      if (latest === null) return { blocks: 0, entries: 0, bad: null, why: null };
      const { size, root } = latest;
      const newest = Math.max(0, size - blocksAtATime);
      const from = Math.min(older ?? Math.floor(start * newest), newest);
      const to = Math.min(from + blocksAtATime, newest);
      const found = { blocks: 0, entries: 0 };
      for (const span of [
        { from, to },
        { from: newest, to: size },
      ]) {
        const sampled = await sampleOf(tx, span);
        const proofs = await this.proofs.ofInclusions(tx, { ...span, size });
        for (let index = span.from; index < span.to; index += 1) {
          const leaf = sampled[index - span.from];
          const why =
            leaf?.index === index
              ? findProblem(leaf, { proof: proofs[index - span.from] ?? [], size, root })
              : noLeaf(index);
          if (why !== null) return { ...found, bad: index, why };
          if (leaf?.block == null) continue;
          found.blocks += 1;
          found.entries += leaf.block.count;
        }
      }
      return { ...found, bad: null, why: null };
    });
  }
}

function findProblem(
  { index, lane, n, hash, block, isDropped, positions, leaves }: Sampled,
  { proof, size, root }: { proof: readonly string[]; size: number; root: string },
): string | null {
  const named = `Block ${n} of lane ${lane}`;
  const claim = { leaf: leafOfBlock(hash), index, size, proof: proof.map(fromHex), root: fromHex(root) };
  if (!verifyInclusion(claim, sha256)) return said(`${named} is not in the tree that was signed`);
  if (block === null) return isDropped ? null : said(`${named} is missing`);
  if (block.hash !== hash) return said(`${named} is another than the one that was sealed`);
  const link = findLinkProblem({ block, previous: undefined }, sha256);
  if (link !== undefined) return said(`${named} ${link}`);
  if (positions.some((position, at) => position !== at)) return said(`${named} lacks an entry`);
  const why = findRootProblem({ block, leaves: leaves.map(fromHex) }, sha256);
  return why === undefined ? null : said(`${named} ${why}`);
}

function noLeaf(index: number): string {
  return said(`Leaf ${index} of the signed tree is missing`);
}

function said(what: string): string {
  return `${what}, the log's check of itself found. Restore it from a backup, or compare an export that was kept.`;
}
