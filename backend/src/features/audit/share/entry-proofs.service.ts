import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { Problem } from '../../../platform/problem.js';
import { AuditRepository, type PlacedEntry } from '../audit.repository.js';
import { CheckpointService } from '../seal/checkpoint.service.js';
import { SealRepository } from '../seal/seal.repository.js';
import { SealerService } from '../seal/sealer.service.js';
import { TreeProofs } from '../seal/tree-proofs.js';
import { WitnessService } from '../seal/witness.service.js';
import { blockText, type ProofHead, proofText, proveEntries } from './proof-text.js';

/** Another process may be sealing: it is asked again this often before it is given up, with a pause between. */
const tries = 40;
const pauseMs = 150;

/** What of the log is proven, before its checkpoint is known. */
type About = Omit<ProofHead, 'checkpoint' | 'cosigned' | 'rotations'>;

/** Files of entries with their proofs up to a signed checkpoint. */
@Injectable()
export class EntryProofs {
  constructor(
    private readonly audit: AuditRepository,
    private readonly seals: SealRepository,
    private readonly sealer: SealerService,
    private readonly proofs: TreeProofs,
    private readonly checkpoints: CheckpointService,
    private readonly witness: WitnessService,
  ) {}

  /** Seals until `isSealed` says so, and has it cosigned. Throws `audit.unsealed`. */
  async seal(isSealed: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (await isSealed()) {
        await this.witness.cosign();
        return;
      }
      await this.sealer.seal().catch((cause: unknown) => {
        throw new Problem('audit.unsealed', { cause });
      });
      if (!(await isSealed())) await sleep(pauseMs);
    }
    throw new Problem('audit.unsealed');
  }

  /** The file's text. `placed` in the order of an export; what is not sealed yet is left out. Throws `audit.unsealed`. */
  async textOf(tx: EntityManager, about: About, placed: readonly PlacedEntry[]): Promise<string> {
    const latest = await this.seals.latest(tx);
    if (latest === null) throw new Problem('audit.unsealed');
    const { size, note } = latest;
    const cosigned = await this.checkpoints.cosigned(tx, size);
    const rotations = await this.checkpoints.rotations(tx, size);
    const byBlock = Map.groupBy(placed, ({ lane, n }) => `${lane} ${n}`);
    const blocks: string[] = [];
    // Block by block: what waits for the process gets its turn between them.
    for (const entries of byBlock.values()) {
      const block = await this.proveBlock(tx, { entries, size });
      if (block !== null) blocks.push(block);
    }
    const more = { ...(cosigned === null ? {} : { cosigned }), ...(rotations.length === 0 ? {} : { rotations }) };
    return proofText({ ...about, checkpoint: note, ...more }, blocks);
  }

  /** A block's text; null for one that is not sealed yet. */
  private async proveBlock(
    tx: EntityManager,
    { entries, size }: { entries: readonly PlacedEntry[]; size: number },
  ): Promise<string | null> {
    const [first] = entries;
    if (first === undefined) return null;
    const { lane, n, at, workspace } = first;
    const block = await this.audit.findBlock(tx, { lane, n });
    const leaf = await this.seals.leafOf(tx, { lane, n, size });
    if (block === null || leaf?.n !== n) return null;
    const all = await this.audit.entriesOf(tx, workspace, { blocks: [block], from: at, to: at });
    const proof = await this.proofs.ofInclusion(tx, { index: leaf.index, size });
    const leaves = all.map((one) => one.leaf);
    return blockText({ block, index: leaf.index, proof, entries: proveEntries(entries, leaves) });
  }
}
