import type { LogEvent } from './log-event.js';

/** A signed checkpoint of the log as it leaves the house: a record of its own among the entries that it covers. */
export interface CheckpointEvent {
  /** Blocks in its tree. */
  size: number;
  at: Date;
  /** The signed note (C2SP tlog-checkpoint): a receiver that keeps it can prove later that the log continues it. */
  note: string;
}

/** What a receiver is told: entries, and the checkpoints over them. */
export type SiemRecord = LogEvent | CheckpointEvent;

interface Product {
  version: string;
  origin: string;
}

const action = 'log.checkpoint';

/** OCSF 1.9: an Entity Management event (create) of an entity of the type `checkpoint`. */
export function ocsfCheckpoint({ size, at, note }: CheckpointEvent, { version }: Product): Record<string, unknown> {
  return {
    class_uid: 3004,
    category_uid: 3,
    activity_id: 1,
    type_uid: 300401,
    time: at.getTime(),
    severity_id: 1,
    status_id: 1,
    message: sentenceOf(size),
    entity: { uid: `checkpoint/${size}`, type: 'checkpoint', name: `checkpoint/${size}` },
    metadata: {
      version: '1.9.0',
      uid: `checkpoint/${size}`,
      event_code: action,
      product: { name: 'Sluice', vendor_name: 'Sluice', version },
    },
    unmapped: { checkpoint: note },
  };
}

/** Elastic Common Schema 9, in a data set of its own. */
export function ecsCheckpoint(
  { size, at, note }: CheckpointEvent,
  { version, origin }: Product,
): Record<string, unknown> {
  return {
    '@timestamp': at.toISOString(),
    ecs: { version: '9.0.0' },
    message: sentenceOf(size),
    event: {
      id: `checkpoint/${size}`,
      kind: 'state',
      category: ['configuration'],
      type: ['info'],
      action,
      outcome: 'success',
      provider: 'sluice',
      dataset: 'sluice.checkpoint',
      sequence: size,
      original: note,
    },
    service: { name: 'sluice', type: 'sluice', version },
    observer: { vendor: 'Sluice', product: 'Sluice', version, name: origin },
  };
}

/** CEF: one line; the note's line feeds are written `\\n`. */
export function cefCheckpoint({ size, at, note }: CheckpointEvent, { version, origin }: Product): string {
  const value = note.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n');
  const pairs = `rt=${at.getTime()} externalId=checkpoint/${size} dvchost=${origin} cnt=${size} msg=${value}`;
  return `CEF:0|Sluice|Sluice|${version}|${action}|${sentenceOf(size)}|1|${pairs}`;
}

function sentenceOf(size: number): string {
  return `The log was sealed up to block ${size}`;
}
