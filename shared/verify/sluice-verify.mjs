#!/usr/bin/env node
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { verifyCheckpoint } from './checkpoint.mjs';
import { ExportReader } from './export.mjs';
import { readLines } from './lines.mjs';
import { readKey } from './note.mjs';
import { isOneEntry, verifyOneEntry } from './one-entry.mjs';
import { verifyRun } from './run.mjs';
import { counted, noteOpener, saySignatures } from './verdict.mjs';

const help = `Usage: sluice-verify FILE [--key KEY] [--witness KEY]... [--since FILE] [--json]

Checks what a Sluice installation's audit log claims: without a database, a network or any other package.
FILE is an export of the log, one shared run, the proof of one entry, or the answer of GET /audit/checkpoint (or the note in it).

  --key KEY      the installation's key ("key" of GET /audit/checkpoint; keep it from the first day): it must have
                 signed the checkpoint
  --witness KEY  a witness's key: it must have cosigned the checkpoint, or an earlier one that the checkpoint continues:
                 then it is said up to where; may be given more than once
  --since FILE   a checkpoint that was kept: the log must continue it (FILE is GET /audit/checkpoint?from=SIZE then)
  --json         print the verdict as one JSON object
  --help         print this text

Exit code: 0 all holds, 1 something does not (the first bad thing is named), 2 it could not be checked.`;

/** @param {string[]} args @returns {Promise<number>} */
async function main(args) {
  const options = { key: { type: 'string' }, witness: { type: 'string', multiple: true }, since: { type: 'string' } };
  const flags = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };
  /** @type {any} */ const config = { args, allowPositionals: true, options: { ...options, ...flags } };
  const { values, positionals } = /** @type {{ values: any, positionals: string[] }} */ (parseArgs(config));
  if (values.help) return print(help, 0);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new Error('Say which one file to check: sluice-verify FILE, or --help.');
  const witnesses = (values.witness ?? []).map((/** @type {string} */ text) => keyOf(text, 4));
  const trusted = { key: values.key && keyOf(values.key, 1), witnesses };
  const verdict = await verdictOn(file, { ...trusted, since: values.since && (await readFile(values.since, 'utf8')) });
  return print(values.json ? JSON.stringify(verdict) : sentencesOf(verdict), verdict.ok ? 0 : 1);
}

/** @param {string} text @param {1 | 4} kind */
function keyOf(text, kind) {
  const key = readKey(text);
  if (key === undefined)
    throw new Error(`${text} is no key: give it as GET /audit/checkpoint writes it, name+id+base64.`);
  if (key.kind === kind) return key;
  throw new Error(
    kind === 1
      ? `${text} is the key of a witness: give it with --witness, and the log's own with --key.`
      : `${text} is the key of a log: give it with --key, and a witness's with --witness.`,
  );
}

/**
 * @param {string} file
 * @param {import('./verdict.mjs').Trusted & { since?: string }} given
 * @returns {Promise<import('./verdict.mjs').Verdict>}
 */
async function verdictOn(file, given) {
  const start = await firstBytes(file);
  if (given.since !== undefined) return verifyCheckpoint(await readFile(file, 'utf8'), given);
  if (start.startsWith(`{"blocks":`)) {
    const text = await readFile(file, 'utf8');
    return isOneEntry(text) ? verifyOneEntry(text, given) : verifyRun(text, given);
  }
  if (/^[^\n{]*\n\d+\n/.test(start) || /^\s*\{\s*"(note|at|key|size)"/.test(start))
    return verifyCheckpoint(await readFile(file, 'utf8'), given);
  return await verifyExport(file, given);
}

/** @param {string} file */
async function firstBytes(file) {
  for await (const chunk of createReadStream(file, { end: 65_535, encoding: 'utf8' })) return String(chunk);
  return '';
}

/**
 * @param {string} file
 * @param {import('./verdict.mjs').Trusted} trusted
 * @returns {Promise<import('./verdict.mjs').Verdict>}
 */
async function verifyExport(file, trusted) {
  const reader = new ExportReader(noteOpener(trusted));
  for await (const line of readLines(createReadStream(file))) if (!reader.line(line)) break;
  const firstBad = reader.end();
  const { counts, note } = reader;
  if (firstBad !== undefined) return { ok: false, kind: 'export', checked: [], unchecked: [], counts, firstBad };
  const { checked, unchecked } = saySignatures(note, trusted);
  const lanes = counted(counts.lanes, 'lane', 'lanes');
  return {
    ok: true,
    kind: 'export',
    counts,
    checked: [
      ...checked,
      ...(note === undefined
        ? []
        : [`Its tree holds the last sealed block of ${counted(counts.sealedLanes, 'lane', 'lanes')}.`]),
      `${counted(counts.blocks, 'block', 'blocks')} of ${lanes} continue each other, from their first to their last.`,
      `${counted(counts.entries, 'entry', 'entries')} are what their blocks were closed over, with ${counts.others.toLocaleString('en')} of others by their hash.`,
      ...(counts.drops === 0
        ? []
        : [`What is missing of ${counted(counts.drops, 'lane', 'lanes')} was dropped by retention, says an entry.`]),
    ],
    unchecked,
  };
}

/** @param {import('./verdict.mjs').Verdict} verdict */
function sentencesOf({ ok, checked, unchecked, firstBad }) {
  if (!ok) return `NOT VERIFIED. ${firstBad === undefined ? '' : `${placeOf(firstBad)} ${firstBad.why}.`}`;
  return [
    'Verified.',
    ...checked.map((one) => `  + ${one}`),
    ...unchecked.map((one) => `  - Not checked: ${one}`),
  ].join('\n');
}

/** @param {import('./verdict.mjs').Bad} bad */
function placeOf({ line, lane, block, entry }) {
  const at = line === undefined ? '' : `, line ${line}`;
  if (lane === undefined) return line === undefined ? 'The file' : `Line ${line}`;
  if (block === undefined) return `Lane ${lane}${at.replace(', ', ' at ')}`;
  return entry === undefined
    ? `Block ${block} (lane ${lane}${at})`
    : `Entry ${entry} of block ${block} (lane ${lane}${at})`;
}

/** @param {string} text @param {number} code */
function print(text, code) {
  process.stdout.write(`${text}\n`);
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
