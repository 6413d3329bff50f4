import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { addCosignature, askWitness, fromHex } from '@sluice/shared/audit';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { sha256, verifyEd25519 } from '../../../journal/seal-key.js';
import { Clock } from '../../../platform/clock.js';
import { Log } from '../../../platform/log.js';
import { witness, type Witness } from '../../../platform/tokens.js';
import { LogAlarm } from './log-alarm.service.js';
import { SealRepository, type StoredCheckpoint } from './seal.repository.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';

const everyMs = 10_000;
/** A witness that has cosigned nothing new for so long is an alarm, once. */
const patienceMs = 300_000;
/** How often one that another process is asking is asked for what is given away, with a pause between. */
const tries = 10;
const pauseMs = 150;

/**
 * Has a witness cosign what was sealed. A witness that keeps more than there is here, or another log, stops the seal: an
 * older database was put in this one's place, or the log was rewritten.
 */
@Injectable()
export class WitnessService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;
  /** Since a start, or since it stopped the seal: also where nothing is new, it may know more than this database. */
  private hasCosigned = false;
  private behindSince: number | null = null;

  constructor(
    private readonly seals: SealRepository,
    private readonly proofs: TreeProofs,
    private readonly sealer: SealerService,
    private readonly alarm: LogAlarm,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(witness) private readonly witness: Witness | null,
  ) {}

  onApplicationBootstrap(): void {
    if (this.witness === null) return;
    this.tick();
    this.timer = setInterval(() => this.tick(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.round;
  }

  /** One round, unless one is under way. */
  tick(): void {
    this.round ??= this.go().finally(() => {
      this.round = null;
    });
  }

  /** For what is given away now: has it cosigned if the witness can be reached, and goes on without it if not. */
  async cosign(): Promise<void> {
    try {
      for (let attempt = 0; attempt < tries && !(await this.ask()); attempt += 1) await sleep(pauseMs);
    } catch (error) {
      this.log.warn('the witness could not be asked for what is given away', { error });
    }
  }

  /** Has the newest checkpoint cosigned. False: another process asks at the moment. Rejects when the witness can't be asked. */
  async ask(): Promise<boolean> {
    const { witness: known } = this;
    if (known === null) return true;
    // Of two that ask at once, one would take the other's newer checkpoint for one of a newer database.
    const asked = await this.seals.alone(async (tx) => {
      const latest = await this.seals.latest(tx);
      const last = await this.seals.witnessed(tx, known.key.name);
      if (latest === null || (this.hasCosigned && last?.size === latest.size)) this.behindSince = null;
      else await this.askInTurn(tx, known, { latest, old: last?.size ?? 0 });
      return true;
    }, 'witness');
    return asked ?? false;
  }

  /** One that knows a key is shown each statement by which that key handed over, before what the next one signed. */
  private async askInTurn(
    tx: EntityManager,
    known: Witness,
    { latest, old }: { latest: StoredCheckpoint; old: number },
  ): Promise<void> {
    let from = old;
    for (const { size, statement, at } of await this.seals.rotations(tx)) {
      if (old === 0 || size <= old || size >= latest.size) continue;
      const root = (await this.proofs.rootAt(tx, size)) ?? '';
      const told = await this.askFrom(tx, known, {
        latest: { size, root, note: statement, at },
        old: from,
        isAgain: false,
      });
      if (!told) return;
      from = size;
    }
    await this.askFrom(tx, known, { latest, old: from, isAgain: false });
  }

  /** False: it keeps what does not fit, and the seal is stopped. */
  private async askFrom(
    tx: EntityManager,
    { key, post }: Witness,
    { latest, old, isAgain }: { latest: StoredCheckpoint; old: number; isAgain: boolean },
  ): Promise<boolean> {
    const { size, note } = latest;
    const proof = old === 0 ? [] : await this.proofs.ofConsistency(tx, { oldSize: old, size });
    const { status, text } = await post(askWitness({ old, proof: proof.map(fromHex), note }));
    const known = status === 409 && /^\d{1,15}\s*$/.test(text) ? Number(text) : null;
    // What was sealed since it was asked is not news from elsewhere.
    const now = known === null ? latest : ((await this.seals.latest(tx)) ?? latest);
    if (known !== null && known > now.size)
      return this.halt(
        `The witness ${key.name} keeps a checkpoint of ${known} blocks, and there are ${now.size} here: an older database was put in this one's place. Restore the newer one, or have the witness forget this log.`,
      );
    if (known !== null && !isAgain && known !== old)
      return await this.askFrom(tx, { key, post }, { latest: now, old: known, isAgain: true });
    if (known === old || status === 422)
      return this.halt(
        `The witness ${key.name} keeps a checkpoint that this log does not continue: it was rewritten, or forked. Compare it with an export that was kept.`,
      );
    const signed =
      status === 200 ? addCosignature({ note, lines: text }, key, { sha256, verify: verifyEd25519 }) : undefined;
    if (signed === undefined)
      throw new Error(
        `The witness ${key.name} answered ${status} and did not cosign the checkpoint of ${size} blocks.`,
      );
    await this.seals.addWitnessed(tx, { ...latest, name: key.name, note: signed.note, at: new Date(signed.at) });
    this.hasCosigned = true;
    this.behindSince = null;
    this.sealer.halt(null);
    return true;
  }

  /** Until it cosigns again: it is asked each time from now on, also where another process was answered meanwhile. */
  private halt(why: string): false {
    this.hasCosigned = false;
    this.behindSince = null;
    this.sealer.halt(why);
    return false;
  }

  private async go(): Promise<void> {
    try {
      await this.ask();
    } catch (error) {
      const now = this.clock.now();
      const isNews = this.behindSince !== null && this.behindSince + patienceMs <= now;
      this.behindSince = isNews ? Number.POSITIVE_INFINITY : (this.behindSince ?? now);
      this.log.warn('the witness is asked again in ten seconds', { error });
      const why = `The witness ${this.witness?.key.name} has cosigned nothing for five minutes: see that it runs and can be reached.`;
      if (isNews) await this.alarm.raise('audit.witness_silent', why);
    }
  }
}
