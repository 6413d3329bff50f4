import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { openAskText } from '../../engine/ask-sealing.js';
import { openFileRow } from '../../engine/file-row.js';
import { openPayloads, type SealedPayload } from '../../engine/open-payloads.js';
import { type KeyObject, nameOfKey, openRunKey } from '../../engine/run-keys.js';
import { Journal } from '../../journal/journal.js';
import { BlobMissing, type BlobStore } from '../../platform/blobs/blob-store.js';
import { placeOfFile } from '../../platform/blobs/file-place.js';
import { openFile } from '../../platform/blobs/sealed-file.js';
import { escapeLike } from '../../platform/database/escape-like.js';
import type { KeySet } from '../../platform/keys/key-set.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { openBytes } from '../../platform/keys/sealing.js';
import { blobStore, databasePool } from '../../platform/tokens.js';
import { fileHolds, holds, holdsText, type Needle, needleOf, placesIn } from './holds.js';
import type { Finding, LookedAt, Range } from './erasure-jobs.js';

const statesAtATime = 500;

interface RunRow extends LookedAt {
  flow_id: string;
  payload_key: string;
  keep_days: number;
  key: string | null;
  error: { message: string } | null;
  closed_reason: string | null;
  is_open: boolean;
}

/** Opens what an environment keeps, and says where a value stands. */
@Injectable()
export class ErasureLooks {
  constructor(
    @Inject(databasePool) private readonly pool: pg.Pool,
    @Inject(blobStore) private readonly blobs: BlobStore | null,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
  ) {}

  /** The next runs, newest first, and those of them that hold it. */
  async runs(range: Range, value: string, limit: number): Promise<{ looked: LookedAt[]; found: Finding[] }> {
    const { workspace, environment, from, to, after } = range;
    const { rows } = await this.pool.query<RunRow>(
      `select id, started_at, flow_id, payload_key, keep_days, key, error, closed_reason, ended_at is null as is_open from run
       where workspace_id = $1 and environment = $2 and started_at >= $3 and started_at < $4 and erased_at is null
         and ($5::timestamptz is null or (started_at, id) < ($5, $6))
       order by started_at desc, id desc limit $7`,
      [workspace, environment, from, to, after?.at ?? null, after?.id ?? null, limit],
    );
    const needle = needleOf(value);
    const keyName = nameOfKey(await this.keyring.key(workspace, '', 'idempotency'), value);
    const found: Finding[] = [];
    for (const row of rows) {
      const places = [
        ...(row.key === keyName ? ['business key'] : []),
        ...(row.error !== null && holdsText(row.error.message, needle) ? ['error'] : []),
        ...(row.closed_reason !== null && holdsText(row.closed_reason, needle) ? ['closing reason'] : []),
        ...(await this.inRun(range, row, needle)),
      ];
      if (places.length > 0)
        found.push({ kind: 'run', id: row.id, flow: row.flow_id, places, at: row.started_at, isOpen: row.is_open });
    }
    return { looked: rows, found };
  }

  /** What stands beside a delivery: what it carried is its run's. */
  async deliveries({ workspace, environment, from, to }: Range, value: string): Promise<Finding[]> {
    const { rows } = await this.pool.query<
      Record<'id' | 'flow_id' | 'message_id' | 'address' | 'reason_message', string> & { received_at: Date }
    >(
      `select id, flow_id, message_id, address, reason_message, received_at from trigger_event
       where workspace_id = $1 and environment = $2 and received_at >= $3 and received_at < $4 and erased_at is null
         and concat_ws(chr(10), message_id, address, reason_message) ilike $5`,
      [workspace, environment, from, to, `%${escapeLike(value)}%`],
    );
    const needle = needleOf(value);
    return rows.flatMap((row) => {
      const beside = { 'message id': row.message_id, address: row.address, refusal: row.reason_message };
      const places = Object.entries(beside).flatMap(([place, text]) => (holds(text, needle) ? [place] : []));
      if (places.length === 0) return [];
      return [{ kind: 'delivery' as const, id: row.id, flow: row.flow_id, places, at: row.received_at, isOpen: false }];
    });
  }

  /** What flows remember between runs, whenever it was written. */
  async states({ workspace, environment }: Range, value: string): Promise<Finding[]> {
    const needle = needleOf(value);
    const found: Finding[] = [];
    let after = ['', ''];
    for (;;) {
      const { rows } = await this.pool.query<{ flow_id: string; key_hash: string; value: Buffer; updated_at: Date }>(
        `select flow_id, key_hash, value, updated_at from flow_state
         where workspace_id = $1 and environment = $2 and (flow_id, key_hash) > ($3, $4) order by flow_id, key_hash limit $5`,
        [workspace, environment, ...after, statesAtATime],
      );
      const keys = await this.keyring.refresh({ workspace, environment, purpose: 'payload' });
      for (const { flow_id: flow, key_hash: hash, value: sealed, updated_at: at } of rows) {
        const opened = openBytes(keys, sealed, `state|${flow}|${environment}|${hash}`).toString();
        if (holds(JSON.parse(opened), needle))
          found.push({ kind: 'state', id: hash, flow, places: ['value'], at, isOpen: false });
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < statesAtATime) return found;
      after = [last.flow_id, last.key_hash];
    }
  }

  private async inRun({ workspace, environment }: Range, run: RunRow, needle: Needle): Promise<string[]> {
    const place = { workspace, environment, purpose: 'payload' } as const;
    const payload = await this.keyring.keysFor(place, run.payload_key);
    const { key } = openRunKey({ payload }, { id: run.id, payloadKey: run.payload_key });
    const { rows } = await this.pool.query<
      Omit<SealedPayload, 'sealed'> & { sealed: Buffer | null; blob: string | null }
    >('select step_id as step, attempt, kind, sealed, blob from payload where run_id = $1', [run.id]);
    const stored: SealedPayload[] = [];
    for (const { sealed, blob, ...of } of rows)
      stored.push({ ...of, sealed: await this.journal.readPayload({ sealed, blob }) });
    const { values } = openPayloads(run.id, { key, stored });
    const files = stored.filter(({ kind }) => kind === 'file');
    const inFiles: string[] = [];
    for (const { step, sealed } of files) {
      const { handle, ...file } = openFileRow(key, sealed, step);
      if (
        holdsText(handle.name, needle) ||
        (await this.inFile({ file: step, keepDays: run.keep_days, key: file.key }, needle))
      )
        inFiles.push('file');
    }
    return [...placesIn(values, needle), ...new Set(inFiles), ...(await this.inAsks(run.id, payload, needle))];
  }

  private async inFile(
    { file, keepDays, key }: { file: string; keepDays: number; key: KeyObject },
    needle: Needle,
  ): Promise<boolean> {
    if (this.blobs === null) return false;
    const { blob, of } = placeOfFile(file, keepDays);
    try {
      const content = await this.blobs.open(blob);
      return await fileHolds(openFile(content, { key, of }), needle);
    } catch (error) {
      if (error instanceof BlobMissing) return false;
      throw error;
    }
  }

  private async inAsks(run: string, payload: KeySet, needle: Needle): Promise<string[]> {
    const { rows } = await this.pool.query<{ step: string; question: Buffer | null; answer: Buffer | null }>(
      'select step_key as step, question, answer from ask where run_id = $1',
      [run],
    );
    const places = new Set<string>();
    for (const { step, ...texts } of rows)
      for (const of of ['question', 'answer'] as const) {
        const sealed = texts[of];
        if (sealed !== null && holdsText(openAskText({ payload }, sealed, { run, step, of }), needle)) places.add(of);
      }
    return [...places];
  }
}
