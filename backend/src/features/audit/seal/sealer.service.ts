import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { openCheckpoint, readNoteKey, toHex } from '@sluice/shared/audit';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { isDatabaseAway } from '../../../platform/database/is-database-away.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { Log } from '../../../platform/log.js';
import { publicOrigin } from '../../../platform/tokens.js';
import { CheckpointFile } from './checkpoint-file.js';
import { LogAlarm } from './log-alarm.service.js';
import { signCheckpoint, signRotation, sha256, verifyEd25519 } from '../../../journal/seal-key.js';
import { type LogKey, LogKeys } from './log-keys.js';
import { mostBlocks, SealRepository, type StoredCheckpoint, type Tx } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';
import { lastSelfCheck } from './self-check-rows.js';
import { TreeProofs } from './tree-proofs.js';
import { growWith, loadTree, type TreeState } from './tree-state.js';

const everyMs = 1000;
/** The stored tree is read and checked anew, against its signature and the file outside, this often. */
const checkMs = 60_000;
const thinMs = 3_600_000;
/** Lanes that wrote nothing for a day are looked for when the tree is loaded only. */
const laneSearchMs = 86_400_000;

/**
 * Takes the blocks that were committed into one Merkle tree each second and signs its checkpoint. Of several processes
 * one does it at a time. What doesn't fit stops it: nothing is signed that contradicts what was signed before.
 */
@Injectable()
export class SealerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private state: TreeState | null = null;
  readonly keys: LogKeys;
  private trouble: string | null = null;
  private halted: string | null = null;
  private checkedAt = 0;
  private timers: NodeJS.Timeout[] = [];
  private sealing: Promise<void> = Promise.resolve();
  private isBusy = false;

  constructor(
    private readonly seals: SealRepository,
    private readonly proofs: TreeProofs,
    private readonly file: CheckpointFile,
    private readonly dataSource: DataSource,
    keyring: Keyring,
    private readonly alarm: LogAlarm,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(publicOrigin) origin: string,
  ) {
    this.keys = new LogKeys(seals, keyring, `${new URL(origin).host}/audit`);
  }

  onApplicationBootstrap(): void {
    const thin = () =>
      void this.dataSource
        .transaction((tx) => this.seals.thin(tx))
        .catch((error: unknown) => this.log.warn('old checkpoints stay an hour longer', { error }));
    this.timers = [setInterval(() => this.tick(), everyMs).unref(), setInterval(thin, thinMs).unref()];
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.sealing;
  }

  /** Why nothing is sealed; null: all is well. */
  get stoppedBy(): string | null {
    return this.trouble;
  }

  /** Signs nothing any more for what somebody found elsewhere; null: it may go on. */
  halt(why: string | null): void {
    this.halted = why;
  }

  /** Seals what is committed by now. Throws SealTrouble. */
  async seal(): Promise<void> {
    const made = await this.seals.alone(async (tx) => await this.sealIn(tx));
    if (made != null) await this.keep(made);
  }

  /** Puts a checkpoint that was committed into the file outside. */
  async keep({ note }: { note: string }): Promise<void> {
    // It is committed: a folder that takes nothing must not make the tree be read anew each second.
    await this.file
      .write(note)
      .catch((error: unknown) => this.log.warn('the checkpoint could not be kept in the data folder', { error }));
  }

  /** The key that outsiders check checkpoints with. Throws SealTrouble. */
  async signer(tx: Tx): Promise<LogKey> {
    return await this.keys.inForce(tx);
  }

  /** One round; what comes of it is told by `stoppedBy`. */
  tick(): void {
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

  /**
   * Seals what is committed, or was written in this transaction, as the last that `next` takes over from; null: so much is
   * left to seal that it takes another round. Whoever calls has waited for `SealRepository.alone`'s lock. Throws SealTrouble.
   */
  async sealAsLast(tx: Tx, next: LogKey): Promise<StoredCheckpoint | null> {
    return await this.sealIn(tx, next);
  }

  private async sealIn(tx: Tx, next: LogKey | null = null): Promise<StoredCheckpoint | null> {
    const stop = this.halted ?? (await lastSelfCheck(tx))?.why ?? null;
    if (stop !== null) throw new SealTrouble(stop);
    const key = await this.signer(tx);
    const before = await this.current(tx, key);
    const since = this.state === null ? null : new Date(this.clock.now() - laneSearchMs);
    const blocks = await this.seals.unsealed(tx, [...before.heads.values()], since);
    this.state = before;
    if (blocks.length === 0 || (next !== null && blocks.length >= mostBlocks)) return null;
    const { state, nodes, root } = growWith(before, blocks);
    const at = this.clock.date();
    const content = { origin: key.noteKey.name, size: state.size, root };
    const note = next === null ? signCheckpoint(content, key) : signRotation(content, { before: key, key: next });
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
  private async current(tx: Tx, key: LogKey): Promise<TreeState> {
    const size = (await this.seals.latest(tx))?.size ?? 0;
    const isDue = this.checkedAt + checkMs <= this.clock.now();
    if (this.state?.size === size && !isDue) return this.state;
    const isUnknown = this.state === null || isDue;
    this.state = null;
    const loaded = await loadTree(tx, { seals: this.seals, key });
    if (isUnknown) await this.compareWithFile(tx, { key, size });
    this.checkedAt = this.clock.now();
    return await this.beginLanes(tx, loaded);
  }

  /** Lanes whose first blocks were dropped before anything was sealed go on from there. */
  private async beginLanes(tx: Tx, state: TreeState): Promise<TreeState> {
    if (state.size > 0) return state;
    const heads = new Map(state.heads);
    for (const { lane, n, hash, at } of await this.seals.dropped(tx)) heads.set(lane, { lane, n, hash, at });
    return { ...state, heads };
  }

  /** Throws SealTrouble when the file outside knows of a log that this one does not continue. */
  private async compareWithFile(tx: Tx, { key, size }: { key: LogKey; size: number }): Promise<void> {
    const note = await this.file.read();
    if (note === null) return;
    const before = (await this.seals.rotations(tx)).flatMap((one) => readNoteKey(one.before, sha256) ?? []);
    const kept = [key.noteKey, ...before]
      .map((one) => openCheckpoint(note, one, { sha256, verify: verifyEd25519 }))
      .find((one) => one !== undefined);
    const advice = `If a backup was restored on purpose, move ${this.file.path} away.`;
    if (kept === undefined)
      throw new SealTrouble(
        `The checkpoint in ${this.file.path} was signed by another installation, or by a key that this database does not know of. ${advice}`,
      );
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
    await this.alarm.raise('audit.seal_stopped', error.message);
  }
}
