import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type FileHandle, fileHandleSchema, isTextType } from '@sluice/shared/connector';
import { decodeName, nameInDisposition, plainFileName } from '@sluice/shared/lib';
import type { OpenSink, RawReply } from '../drivers/http-exchange.js';
import { badReply } from '../drivers/http-failure.js';
import { broke, CallEnded } from '../refusal.js';
import type { Stripper } from '../strip.js';
import type { KeepTicket } from './file-ticket.js';
import { plainType, summed } from './summed.js';

/** With 64 KiB of headers the 1 MiB that a value may have. */
const inlineBytes = 960 * 1024;

type Headers = RawReply['headers'];

export interface KeeperParts {
  keep: KeepTicket;
  label: string;
  /** Of the address asked: its end names a file that the answer doesn't name. */
  pathname: string;
  stripper: Stripper;
  save: (source: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** Makes a file of an answer's body as it comes in. */
export class ReplyKeeper {
  #kept: Promise<Buffer | FileHandle> | null = null;
  #handle: FileHandle | null = null;

  constructor(private readonly parts: KeeperParts) {}

  /** Takes the body of a good answer, unless it is text that says how short it is. */
  readonly into: OpenSink = (status, headers) => {
    if (!mayBeFile(this.parts.keep.when, status, headers)) return null;
    const sink = new PassThrough();
    this.#kept = this.#read(sink, headers).finally(() => sink.destroy());
    // Nobody may be reading yet; `join` hears of what went wrong.
    sink.on('error', () => undefined);
    this.#kept.catch(() => undefined);
    return sink;
  };

  /** The answer, once its body lies where it belongs. Rejects with CallEnded. */
  async join(sent: Promise<RawReply>): Promise<RawReply> {
    const reply = await sent.catch(async (error: unknown) => {
      // Why nothing more was read says more than that it broke off.
      await this.#kept;
      throw error;
    });
    const kept = await this.#kept;
    if (kept === null) return reply;
    if (Buffer.isBuffer(kept)) return { ...reply, body: kept };
    this.#handle = kept;
    return reply;
  }

  /** Null when the body is no file. */
  handle(): FileHandle | null {
    return this.#handle;
  }

  /** Decodes, takes the secret out, gives back what stays small and saves the rest. */
  async #read(sink: Readable, headers: Headers): Promise<Buffer | FileHandle> {
    const { keep, label, stripper, save, pathname } = this.parts;
    const chunks = stripper.bytes(bounded(decode(sink, headers, label), keep.mostBytes, label));
    const head: Buffer[] = [];
    for (let held = 0; keep.when === 'large' && isValue(headers) && held <= inlineBytes; ) {
      const next = await chunks.next();
      if (next.done === true) return Buffer.concat(head);
      head.push(next.value);
      held += next.value.length;
    }
    const { source, sum } = summed(following(head, chunks));
    await save(source);
    const name = stripper.text(fileNameOf(headers, pathname));
    return fileHandleSchema.parse({ file: keep.ticket.file, name, type: mediaType(headers, stripper), ...sum() });
  }
}

function mayBeFile(when: KeepTicket['when'], status: number, headers: Headers): boolean {
  const length = one(headers['content-length']);
  if (status < 200 || status > 299 || status === 204 || length === '0') return false;
  const isShort = length !== undefined && Number(length) <= inlineBytes && encodingOf(headers) === '';
  return when === 'all' || !(isShort && isValue(headers));
}

/** What the answer itself calls it, else the end of its address. */
function fileNameOf(headers: Headers, pathname: string): string {
  const name = nameInDisposition(one(headers['content-disposition']));
  return name ?? (plainFileName(decodeName(pathname)) || 'file');
}

async function* following(head: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}

async function* bounded(source: AsyncIterable<Buffer>, mostBytes: number, label: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLargeFile(label, mostBytes);
    yield chunk;
  }
}

function tooLargeFile(label: string, mostBytes: number): CallEnded {
  const message = `${label} sent a file of more than ${mostBytes / 1024 ** 2} MiB, which is the most that this installation takes: ask for less, or have SLUICE_MAX_FILE_MIB raised.`;
  return broke({ code: 'egress.too_large', message, uncertain: true });
}

async function* decode(sink: Readable, headers: Headers, label: string): AsyncGenerator<Buffer> {
  const encoding = encodingOf(headers);
  const decoder = encoding === '' ? null : decoderOf(encoding);
  if (decoder === undefined) throw badReply(label, new Error(`unknown content-encoding ${encoding.slice(0, 40)}`));
  try {
    yield* decoder === null ? sink : pipeline(sink, decoder, () => undefined);
  } catch (cause) {
    throw cause instanceof CallEnded ? cause : badReply(label, cause);
  }
}

function decoderOf(encoding: string) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : undefined;
}

function encodingOf(headers: Headers): string {
  const name = one(headers['content-encoding'])?.trim().toLowerCase() ?? '';
  return name === 'identity' ? '' : name;
}

/** What the connection's secret stands in is no type. */
function mediaType(headers: Headers, { text }: Pick<Stripper, 'text'> = { text: (type) => type }): string {
  return plainType(text(one(headers['content-type']) ?? ''));
}

/** What a flow reads as a value: no pictures, no archives. What has no type is read as text, as ever. */
function isValue(headers: Headers): boolean {
  return headers['content-type'] === undefined || isTextType(mediaType(headers));
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
