import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createExportVerifier, type FirstBad, readNoteKey, type Signer, type Verdict } from '@sluice/shared/audit';
import { sha256, verifyEd25519 } from '../journal/seal-key.js';
import { readLines } from './read-lines.js';

const help = `Usage: audit verify FILE [--key KEY] [--json]

Checks an audit export without a database: every entry against its block, every block against the one before it,
the end of each lane against the header, and the header's checkpoint: that its tree holds a block of each lane.
FILE is an export (NDJSON) or - for standard input.

  --key KEY  the installation's key ("key" of GET /audit/checkpoint, kept since the first day): then the checkpoint
             must be signed with it
  --json     print the verdict as one JSON object
  --help     print this text

Exit code: 0 verified, 1 something does not hold, 2 the file can't be read.`;

/** Show progress for files over this many bytes, and again each time as much was read. */
const progressStep = 16 * 1024 * 1024;

/** The command `audit verify`; `args` are the words after it. Gives the exit code. */
export async function auditVerify(
  args: string[],
  io: { write(line: string): void; error(line: string): void },
): Promise<number> {
  const options = readArgs(args);
  if (!options) {
    io.error('Say which one file to verify: audit verify FILE [--json], or audit verify --help.');
    return 2;
  }
  if (options.help) {
    io.write(help);
    return 0;
  }
  const signer = options.key === undefined ? null : readSigner(options.key);
  if (signer === undefined) {
    io.error('The key is none: give it as GET /audit/checkpoint writes it, name+id+base64.');
    return 2;
  }
  let verdict: Verdict;
  try {
    verdict = await verdictOn(options.file, signer);
  } catch (error) {
    io.error(`Could not read ${options.file}: ${reasonOf(error)}`);
    return 2;
  }
  io.write(options.json ? JSON.stringify(verdict) : sentenceOf(verdict));
  return verdict.ok ? 0 : 1;
}

interface Options {
  file: string;
  key: string | undefined;
  json: boolean;
  help: boolean;
}

function readArgs(args: string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [file = '', ...more] = positionals;
    return values.help || (file !== '' && more.length === 0)
      ? { file, key: values.key, json: values.json, help: values.help }
      : undefined;
  } catch {
    return undefined;
  }
}

function readSigner(text: string): Signer | undefined {
  const key = readNoteKey(text, sha256);
  return key === undefined ? undefined : { key, verify: verifyEd25519 };
}

async function verdictOn(file: string, signer: Signer | null): Promise<Verdict> {
  const verifier = createExportVerifier(sha256, { signer });
  const size = file === '-' ? 0 : (await stat(file)).size;
  const source: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
  for await (const line of readLines(withProgress(source, size))) {
    if (!verifier.line(line)) break;
  }
  return verifier.end();
}

async function* withProgress(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const shown = process.stderr.isTTY && size > progressStep;
  let done = 0;
  let next = progressStep;
  try {
    for await (const chunk of chunks) {
      yield chunk;
      done += chunk.length;
      if (!shown || done < next) continue;
      process.stderr.write(`\rVerifying: ${Math.floor((100 * done) / size)} %`);
      next += progressStep;
    }
  } finally {
    if (shown) process.stderr.write('\r\u001b[K');
  }
}

function sentenceOf({ entries, blocks, lanes, checkpoint, firstBad }: Verdict): string {
  if (firstBad) return `${placeOf(firstBad)} ${firstBad.why}.`;
  const verified = `Verified ${counted(entries, ['entry', 'entries'])} in ${counted(blocks, ['block', 'blocks'])} of ${counted(lanes, ['lane', 'lanes'])}.`;
  return checkpoint === undefined ? verified : `${verified} ${sealOf(checkpoint)}`;
}

function sealOf({ origin, size, signed, rotations, lanes }: NonNullable<Verdict['checkpoint']>): string {
  const covers = `The checkpoint of ${origin} over ${counted(size, ['block', 'blocks'])} covers ${counted(lanes, ['lane', 'lanes'])}`;
  if (signed !== true) return `${covers}; whose it is, --key tells.`;
  return rotations === 0
    ? `${covers} and is signed with your key.`
    : `${covers} and is signed with the key that yours handed over to, in ${counted(rotations, ['rotation', 'rotations'])}.`;
}

function placeOf({ line, lane, n, pos }: FirstBad): string {
  if (lane === undefined) return `Line ${line}`;
  if (n === undefined) return `Lane ${lane} (line ${line})`;
  const where = `lane ${lane}, line ${line}`;
  return pos === undefined ? `Block ${n} (${where})` : `Entry ${pos} of block ${n} (${where})`;
}

function counted(count: number, [one, many]: [string, string]): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'you have no right to read it.';
  if (code === 'EISDIR') return 'it is a folder; name the export inside it.';
  return error instanceof Error ? error.message : String(error);
}
