import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { openCheckpoint, readCheckpoint, toHex } from '@sluice/shared/audit';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import { Clock } from '../../../platform/clock.js';
import { isDatabaseAway } from '../../../platform/database/is-database-away.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { Log } from '../../../platform/log.js';
import { publicOrigin } from '../../../platform/tokens.js';
import { CheckpointFile } from './checkpoint-file.js';
import { type SealKey, sealKeyOf, sha256, verifyEd25519 } from '../../../journal/seal-key.js';
import { SealRepository, type StoredCheckpoint } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';
import { TreeProofs } from './tree-proofs.js';
import { growWith, loadTree, type TreeState } from './tree-state.js';

const everyMs = 1000;
/** Lanes that wrote nothing for a day are looked for when the tree is loaded only. */
const laneSearchMs = 86_400_000;

/**
 * Takes the blocks that were committed into one Merkle tree each second and signs its checkpoint. Of several processes
 * one does it at a time. What doesn't fit stops it: nothing is signed that contradicts what was signed before.
 */
@Injectable()
export class SealerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private state: TreeState | null = null;
  private key: SealKey | null = null;
  private trouble: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sealing: Promise<void> = Promise.resolve();
  private isBusy = false;

  constructor(
    private readonly seals: SealRepository,
    private readonly proofs: TreeProofs,
    private readonly file: CheckpointFile,
    private readonly dataSource: DataSource,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.sealing;
  }

  /** Why nothing is sealed; null: all is well. */
  get stoppedBy(): string | null {
    return this.trouble;
  }

  /** Seals what is committed by now. Throws SealTrouble. */
  async seal(): Promise<void> {
    const made = await this.seals.alone(async (tx) => await this.sealIn(tx));
    if (made == null) return;
    // It is committed: a folder that takes nothing must not make the tree be read anew each second.
    await this.file
      .write(made.note)
      .catch((error: unknown) => this.log.warn('the checkpoint could not be kept in the data folder', { error }));
  }

  /** The key that outsiders check checkpoints with. */
  async signer(tx: EntityManager): Promise<SealKey> {
    if (this.key !== null) return this.key;
    const latest = await this.seals.latest(tx);
    // A log keeps its name for life, wherever it is reached by now.
    const known = latest === null ? undefined : readCheckpoint(latest.note)?.checkpoint.origin;
    const seed = await this.keyring.key('', '', 'checkpoint');
    this.key = sealKeyOf(seed, known ?? `${new URL(this.origin).host}/audit`);
    return this.key;
  }

  private tick(): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.sealing = this.seal()
      .then(() => {
        this.trouble = null;
      })
      .catch((error: unknown) => this.report(error))
      .finally(() => {
        this.isBusy = false;
      });
  }

  private async sealIn(tx: EntityManager): Promise<StoredCheckpoint | null> {
    const key = await this.signer(tx);
    const before = await this.current(tx, key);
    const since = this.state === null ? null : new Date(this.clock.now() - laneSearchMs);
    const blocks = await this.seals.unsealed(tx, [...before.heads.values()], since);
    this.state = before;
    if (blocks.length === 0) return null;
    const { state, nodes, root } = growWith(before, blocks);
    const at = this.clock.date();
    const note = key.sign({ origin: key.noteKey.name, size: state.size, root });
    const checkpoint = { size: state.size, root: toHex(root), note, at };
    const leaves = blocks.map(({ lane, n, hash, at: written }, i) => ({
      index: before.size + i,
      lane,
      n,
      hash,
      at: written,
    }));
    await this.seals.add(tx, { leaves, nodes, checkpoint });
    // Known before the commit: should that fail, the sizes differ and the tree is read again.
    this.state = state;
    return checkpoint;
  }

  /** The tree as it is stored; read again when another process has sealed since. */
  private async current(tx: EntityManager, key: SealKey): Promise<TreeState> {
    const size = (await this.seals.latest(tx))?.size ?? 0;
    if (this.state?.size === size) return this.state;
    const isFirst = this.state === null;
    this.state = null;
    const loaded = await loadTree(tx, { seals: this.seals, key });
    if (isFirst) await this.compareWithFile(tx, { key, size });
    return await this.beginLanes(tx, loaded);
  }

  /** Lanes whose first blocks were dropped before anything was sealed go on from there. */
  private async beginLanes(tx: EntityManager, state: TreeState): Promise<TreeState> {
    if (state.size > 0) return state;
    const heads = new Map(state.heads);
    for (const { lane, n, hash, at } of await this.seals.dropped(tx)) heads.set(lane, { lane, n, hash, at });
    return { ...state, heads };
  }

  /** Throws SealTrouble when the file outside knows of a log that this one does not continue. */
  private async compareWithFile(tx: EntityManager, { key, size }: { key: SealKey; size: number }): Promise<void> {
    const note = await this.file.read();
    if (note === null) return;
    const kept = openCheckpoint(note, key.noteKey, { sha256, verify: verifyEd25519 });
    const advice = `If a backup was restored on purpose, move ${this.file.path} away.`;
    if (kept === undefined)
      throw new SealTrouble(`The checkpoint in ${this.file.path} was signed by another installation. ${advice}`);
    if (kept.size > size)
      throw new SealTrouble(
        `The log ends before its last known checkpoint: ${size} blocks are sealed here, ${kept.size} were. ${advice}`,
      );
    if (kept.size > 0 && (await this.proofs.rootAt(tx, kept.size)) !== toHex(kept.root))
      throw new SealTrouble(
        `The log is another one than at its last known checkpoint of ${kept.size} blocks. ${advice}`,
      );
  }

  private async report(error: unknown): Promise<void> {
    this.state = null;
    if (!(error instanceof SealTrouble)) {
      if (!isDatabaseAway(error)) this.log.warn('the log could not be sealed; trying again', { error });
      return;
    }
    if (this.trouble === error.message) return;
    this.trouble = error.message;
    this.log.error('the log is sealed no more', { why: error.message });
    await this.dataSource
      .transaction(async (tx) => {
        const actor = { kind: 'system', id: 'sealer' } as const;
        await this.journal.record(tx, [
          { workspace: null, actor, action: 'audit.seal_stopped', detail: { why: error.message } },
        ]);
      })
      .catch((failure: unknown) => this.log.warn('that the seal stopped could not be written', { error: failure }));
  }
}
