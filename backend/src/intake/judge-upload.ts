import type { IncomingMessage } from 'node:http';
import { nameInDisposition } from '@sluice/shared/lib';
import type { Endpoint } from './endpoints.js';
import type { Judgement } from './judge.js';
import { mostBodyBytes } from './read-body.js';
import { readUpload, UploadRefused } from './read-upload.js';
import { schemes } from './schemes/schemes.js';
import type { Uploads } from './uploads.js';
import { beginVerify, type Check, type Verdict } from './verify.js';

/** Where a file of the delivery goes, and whose it will be. */
export interface UploadPlace {
  uploads: Uploads;
  /** Whether its sender may be believed so far as to read a file from him. */
  isTrusted: boolean;
  run: string;
  keepDays: number;
}

const none = Buffer.alloc(0);

/**
 * A delivery whose body is a file: it flows into the blob store while its signature is checked, and nothing is left of it
 * when that is wrong, too late or too large.
 */
export async function judgeUpload(
  req: IncomingMessage,
  {
    endpoint: { scheme, config, secrets },
    url,
    type,
    now,
    checks,
    place: { uploads, run, keepDays },
    patienceMs,
  }: {
    endpoint: Endpoint;
    url: string;
    type: string;
    now: number;
    checks: Check[];
    place: UploadPlace;
    patienceMs: number;
  },
): Promise<Judgement> {
  const spec = schemes[scheme];
  const delivery = { method: 'POST', url, headers: req.headers, body: none };
  const verifying = spec === null ? null : beginVerify(delivery, { scheme: spec, config, secrets, now, checks });
  const declared = Number(req.headers['content-length'] ?? 0);
  if (verifying !== null && 'ok' in verifying) return { kind: 'refused', code: verifying.code, bytes: declared };
  let verdict: Extract<Verdict, { ok: true }> | null = null;
  // What is signed with Ed25519 is verified in one piece, in memory.
  const isGathered = secrets.some(({ key }) => key.type === 'public');
  const mostBytes = Math.min(uploads.mostBytes, config.mostBytes ?? Infinity, isGathered ? mostBodyBytes : Infinity);
  try {
    if (declared > mostBytes) throw new UploadRefused('request.file_too_large', declared);
    const source = readUpload(req, {
      mostBytes,
      patienceMs,
      feed: (chunk) => verifying?.feed(chunk),
      end(bytes) {
        const said = verifying?.end() ?? null;
        if (said?.ok === false) throw new UploadRefused(said.code, bytes);
        verdict = said;
      },
    });
    const name = nameInDisposition(req.headers['content-disposition']) ?? 'upload';
    const file = await uploads.save(source, { run, keepDays, name, type });
    checks.push({ check: 'size', ok: true, detail: null });
    return goodUpload(file, verdict);
  } catch (error) {
    if (!(error instanceof UploadRefused)) throw error;
    if (error.code === 'gone') return { kind: 'gone' };
    if (error.code === 'request.file_too_large' || error.code === 'request.too_slow')
      checks.push({ check: 'size', ok: false, detail: `more than ${mostBytes} bytes or too slow` });
    return { kind: 'refused', code: error.code, bytes: Math.min(error.bytes, 2 ** 31 - 1) };
  }
}

function goodUpload(
  file: Awaited<ReturnType<Uploads['save']>>,
  verdict: Extract<Verdict, { ok: true }> | null,
): Judgement {
  const messageId = verdict?.messageId ?? null;
  const dedupeKey = messageId ?? (verdict === null ? null : `signature ${verdict.fingerprint}`);
  return { kind: 'good', bytes: file.handle.bytes, body: file.handle, file, messageId, dedupeKey, unwanted: null };
}
