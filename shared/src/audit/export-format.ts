import { z } from 'zod';
import {
  type AuditBlock,
  type AuditEntry,
  auditBlockSchema,
  auditEntrySchema,
  hashTextSchema,
  laneSchema,
} from './block.js';
import { canonicalJson } from './canonical-json.js';
import { type Sha256, toHex, utf8 } from './hash.js';
import { mostRotations, rotationSchema } from './rotation.js';

/*
 * An export is lines of canonical JSON, each ended by a line feed: the header, then lane after lane (lane names in UTF-16
 * code unit order), block after block, and under each block its entries of the exporting workspace by position.
 * Entries of other workspaces appear only as leaf hashes, in their block's line.
 */

export const exportFormat = 'sluice.audit/1';

const laneRangeSchema = z.strictObject({
  /** Number of the first exported block; 0 unless the export begins later. */
  first: z.int().min(0),
  /** Number and hash of the last exported block. */
  n: z.int().min(0),
  hash: hashTextSchema,
  /** A block of it, the last one that the checkpoint covers, and the proof that its tree holds it (hashes in hex). */
  sealed: z
    .strictObject({ n: z.int().min(0), index: z.int().min(0), proof: z.array(hashTextSchema).max(64) })
    .optional(),
});

const headerSchema = z.strictObject({
  format: z.literal(exportFormat),
  workspace: z.string().min(1),
  exportedAt: z.iso.datetime({ precision: 3 }),
  lanes: z.record(laneSchema, laneRangeSchema),
  /** The signed checkpoint of the log, as it was then. */
  checkpoint: z.string().max(16_384).optional(),
  /** The last one that a witness cosigned, and the proof (hashes in hex) that `checkpoint` continues it. */
  cosigned: z.strictObject({ checkpoint: z.string().max(16_384), proof: z.array(hashTextSchema).max(64) }).optional(),
  /** How the log's key came to be the one that signed `checkpoint`, the oldest statement first. */
  rotations: z.array(rotationSchema).max(mostRotations).optional(),
  /** SHA-256 of the canonical JSON of the rest of the header. */
  hash: hashTextSchema,
});
export type ExportHeader = z.output<typeof headerSchema>;
export type ExportLane = z.output<typeof laneRangeSchema>;

const blockLineSchema = z.strictObject({
  block: auditBlockSchema,
  /** Position and leaf hash of the entries of other workspaces, by position. */
  others: z.array(z.tuple([z.int().min(0), hashTextSchema])),
});
export type ExportBlock = z.output<typeof blockLineSchema>;

const entryLineSchema = z.strictObject({ entry: auditEntrySchema });

/** The first line of an export, without its line feed. */
export function exportHeaderLine(header: Omit<ExportHeader, 'format' | 'hash'>, sha256: Sha256): string {
  const content: Omit<ExportHeader, 'hash'> = { format: exportFormat, ...header };
  return canonicalJson({ ...content, hash: hashOfHeader(content, sha256) });
}

/** A block's line; `others` are the entries that belong to somebody else, by position. */
export function exportBlockLine(block: AuditBlock, others: ExportBlock['others']): string {
  return canonicalJson({ block, others });
}

/** An entry's line. With `leaf` given, a verifier can name the entry whose body was changed. */
export function exportEntryLine(entry: AuditEntry): string {
  return canonicalJson({ entry });
}

export type ExportLine =
  | { kind: 'header'; header: ExportHeader }
  | { kind: 'block'; content: ExportBlock }
  | { kind: 'entry'; entry: AuditEntry };

/**
 * Reads one line; undefined for a text that is no line of an export. `canonical` says whether it is the one text for its
 * content: any other (a key said twice, a space) must be refused, but may be read to say where it stands.
 */
export function readExportLine(text: string): (ExportLine & { canonical: boolean }) | undefined {
  const value = parseJson(text);
  const entry = entryLineSchema.safeParse(value);
  if (entry.success) return { kind: 'entry', entry: entry.data.entry, canonical: canonicalJson(entry.data) === text };
  const block = blockLineSchema.safeParse(value);
  if (block.success) return { kind: 'block', content: block.data, canonical: canonicalJson(block.data) === text };
  const header = headerSchema.safeParse(value);
  if (header.success) return { kind: 'header', header: header.data, canonical: canonicalJson(header.data) === text };
  return undefined;
}

/** Whether a header still says what it was written with. */
export function isHeaderWhole({ hash, ...content }: ExportHeader, sha256: Sha256): boolean {
  return hashOfHeader(content, sha256) === hash;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hashOfHeader(content: Omit<ExportHeader, 'hash'>, sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(content))));
}
