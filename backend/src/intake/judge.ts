import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isTextType } from '@sluice/shared/connector';
import type { KeyedFile } from '../engine/file-row.js';
import type { Endpoint } from './endpoints.js';
import { judgeUpload, type UploadPlace } from './judge-upload.js';
import { parseBody } from './parse-body.js';
import { bodyPatienceMs, mostBodyBytes, readBody } from './read-body.js';
import { filePatienceMs } from './read-upload.js';
import type { RefusalCode } from './refusals.js';
import { answerHandshake } from './schemes/scheme.js';
import { schemes } from './schemes/schemes.js';
import { type Check, verify } from './verify.js';
import { type Unwanted, whyUnwanted } from './why-unwanted.js';

/** What becomes of a delivery as far as it can be told without starting anything. */
export type Judgement =
  | { kind: 'gone' }
  | { kind: 'refused'; code: RefusalCode; bytes: number }
  /** The sender asked whether the address is ours. */
  | { kind: 'handshake'; bytes: number; answer: string }
  | {
      kind: 'good';
      bytes: number;
      body: unknown;
      /** Whose handle the body is. */
      file?: KeyedFile;
      messageId: string | null;
      dedupeKey: string | null;
      /** Why it is none of its flow's business; null: it is. */
      unwanted: Unwanted | null;
    };

/** How long a body may take to come in, in milliseconds: as a value, as a file. */
export interface Patience {
  value: number;
  file: number;
}

/** Looks at a delivery in the order of what it costs; every look is noted in `checks`. */
export async function judge(
  req: IncomingMessage,
  {
    endpoint,
    url,
    now,
    checks,
    place,
    patience = { value: bodyPatienceMs, file: filePatienceMs },
  }: {
    endpoint: Endpoint;
    url: string;
    now: () => number;
    checks: Check[];
    place: UploadPlace | null;
    patience?: Patience | undefined;
  },
): Promise<Judgement> {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const declared = Number(req.headers['content-length'] ?? 0);
  const refuse = (check: string, code: RefusalCode, of: { bytes: number; detail?: string }): Judgement => {
    checks.push({ check, ok: false, detail: of.detail ?? null });
    return { kind: 'refused', code, bytes: Math.min(of.bytes, 2 ** 31 - 1) };
  };
  // Unpacking would let a small delivery become a large one.
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return refuse('encoding', 'request.encoded', { bytes: declared });
  if (!endpoint.config.contentTypes.includes(type))
    return refuse('content type', 'request.wrong_type', { bytes: declared, detail: type.slice(0, 100) });
  checks.push({ check: 'content type', ok: true, detail: null });
  if (place !== null && !isTextType(type)) {
    if (schemes[endpoint.scheme] === null && endpoint.unsignedUntil <= now())
      return refuse('signature', 'webhook.unsigned_refused', { bytes: declared });
    // A file is stored before its signature is known, so of who was wrong too often it isn't read.
    if (!place.isTrusted) return refuse('sender', 'request.too_many', { bytes: declared });
    const leave = place.uploads.enter();
    const judged = await judgeUpload(req, {
      endpoint,
      url,
      type,
      now: now(),
      checks,
      place,
      patienceMs: patience.file,
    }).finally(leave);
    return judged.kind === 'good' ? { ...judged, messageId: plainId(judged.messageId) } : judged;
  }
  const mostBytes = Math.min(mostBodyBytes, endpoint.config.mostBytes ?? Infinity);
  const read = await readBody(req, { mostBytes, patienceMs: patience.value });
  if (!read.ok) {
    if (read.code === 'gone') return { kind: 'gone' };
    return refuse('size', read.code, {
      bytes: Math.min(read.bytes, 2 ** 31 - 1),
      detail: `more than ${mostBytes} bytes or too slow`,
    });
  }
  checks.push({ check: 'size', ok: true, detail: null });
  const bytes = read.body.length;
  const { scheme, config, secrets, trigger } = endpoint;
  const spec = schemes[scheme];
  if (spec === null && endpoint.unsignedUntil <= now())
    return refuse('signature', 'webhook.unsigned_refused', { bytes });
  const delivery = { method: 'POST', url, headers: req.headers, body: read.body };
  const verdict = spec === null ? null : verify(delivery, { scheme: spec, config, secrets, now: now(), checks });
  if (verdict?.ok === false) return { kind: 'refused', code: verdict.code, bytes };
  let body: unknown;
  try {
    body = parseBody(read.body, type);
  } catch {
    return refuse('body', 'request.not_json', { bytes });
  }
  const answer = spec === null ? null : answerHandshake(spec, body);
  if (answer !== null) return { kind: 'handshake', bytes, answer };
  const messageId = plainId(verdict?.messageId ?? spec?.idInBody?.(body) ?? trigger?.dedupeBy?.(body) ?? null);
  // A signed message without an id is known by its signature: sent again, it is a repeat.
  const dedupeKey = messageId ?? (verdict === null ? null : `signature ${verdict.fingerprint}`);
  const unwanted = whyUnwanted(endpoint, { body, headers: req.headers, checks });
  return { kind: 'good', bytes, body, messageId, dedupeKey, unwanted };
}

/** Senders choose their ids: one that no column or index takes is known by its hash. */
function plainId(id: string | null): string | null {
  if (id === null || (id.length <= 256 && /^\P{C}*$/u.test(id))) return id;
  return `sha256 ${hash('sha256', id, 'base64url')}`;
}
