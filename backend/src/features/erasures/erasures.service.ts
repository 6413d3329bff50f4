import { Injectable } from '@nestjs/common';
import type { Erasure, ErasureFinding } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { readTimeCursor, timeCursor } from '../../platform/http/time-cursor.js';
import { newId } from '../../platform/ids.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { seal } from '../../platform/keys/sealing.js';
import { Problem } from '../../platform/problem.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { memberEntry } from '../member-entry.js';
import { type ErasureRow, ErasuresRepository } from './erasures.repository.js';
import { nameOfValue, placeOfValue } from './value-place.js';

/** A person's data: looked for where it is kept, shown by its places, and erased once somebody confirms it. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly erasures: ErasuresRepository,
    private readonly environments: EnvironmentsService,
    private readonly flows: FlowsService,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** The log knows that somebody looks before anything is opened. Throws `environment.unknown`. */
  async search(
    actor: Actor,
    asked: { environment: string; value: string; from: string; to: string; reason: string },
  ): Promise<Erasure> {
    const { workspace } = actor;
    const { environment, value, from, to, reason } = asked;
    assertMay(actor, 'data.erase', environment);
    await this.environments.get(workspace, environment);
    const place = { id: newId('erasure'), workspace, environment };
    const [keys, hashKey, total] = await Promise.all([
      this.keyring.keys(workspace, environment, 'payload'),
      this.keyring.key(workspace, '', 'idempotency'),
      this.erasures.countRuns(workspace, asked),
    ]);
    const valueSealed = seal(keys, value, placeOfValue(place));
    await this.dataSource.transaction(async (tx) => {
      const startedAt = this.clock.date();
      await this.erasures.add(tx, { ...place, member: actor.member, reason, valueSealed, from, to, total, startedAt });
      const detail = { value: nameOfValue(hashKey, value), from, to, reason, runs: total };
      const subject = { kind: 'erasure', id: place.id };
      await this.journal.record(tx, [memberEntry(actor, 'erasure.search_started', { subject, environment, detail })]);
    });
    return await this.get(workspace, place.id);
  }

  async list(
    workspace: string,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<{ items: Erasure[]; next: string | null }> {
    const rows = await this.erasures.list(workspace, { after: readTimeCursor(cursor), limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows.map(toReply), next: last === undefined ? null : timeCursor(last.startedAt, last.id) };
  }

  /** Throws `erasure.unknown`. */
  async get(workspace: string, id: string): Promise<Erasure> {
    const [row] = await this.erasures.list(workspace, { after: null, limit: 1, id });
    if (row === undefined) throw new Problem('erasure.unknown');
    return toReply(row);
  }

  async findings(
    workspace: string,
    id: string,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<{ items: ErasureFinding[]; next: string | null }> {
    await this.get(workspace, id);
    const rows = await this.erasures.findings(workspace, { id, after: readTimeCursor(cursor), limit });
    const names = await this.flows.names(workspace);
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      items: rows.map(({ flow, at, erasedAt, ...row }) => ({
        ...row,
        flow: flow === null ? null : { id: flow, name: names.get(flow) ?? '' },
        at: at.toISOString(),
        erasedAt: erasedAt?.toISOString() ?? null,
      })),
      next: last === undefined ? null : timeCursor(last.at, last.id),
    };
  }

  /** Throws `erasure.unknown`, `erasure.changed` and `erasure.not_found_yet`. */
  async erase(actor: Actor, id: string, { found, reason }: { found: number; reason: string }): Promise<Erasure> {
    const { environment, ...seen } = await this.get(actor.workspace, id);
    assertMay(actor, 'data.erase', environment);
    if (seen.found !== found) throw new Problem('erasure.changed');
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.erasures.confirm(tx, { id, member: actor.member }))) throw new Problem('erasure.not_found_yet');
      const subject = { kind: 'erasure', id };
      const detail = { found, erased: seen.erased, reason };
      await this.journal.record(tx, [memberEntry(actor, 'erasure.confirmed', { subject, environment, detail })]);
    });
    return await this.get(actor.workspace, id);
  }

  /** What was erased stays erased. Throws `erasure.unknown`. */
  async cancel(actor: Actor, id: string): Promise<Erasure> {
    const { environment, erased, found } = await this.get(actor.workspace, id);
    assertMay(actor, 'data.erase', environment);
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.erasures.cancel(tx, id))) return;
      const about = { subject: { kind: 'erasure', id }, environment, detail: { found, erased } };
      await this.journal.record(tx, [memberEntry(actor, 'erasure.cancelled', about)]);
    });
    return await this.get(actor.workspace, id);
  }
}

function toReply({ startedAt, endedAt, from, to, ...row }: ErasureRow): Erasure {
  return {
    ...row,
    from: from.toISOString(),
    to: to.toISOString(),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
