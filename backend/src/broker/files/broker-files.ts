import type { KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { openFile, sealFile } from '../../platform/blobs/sealed-file.js';
import type { Keyring } from '../../platform/keys/keyring.js';
import { unwrapPayloadKey } from '../../platform/keys/payload-sealing.js';
import type { Capability } from '../call.js';
import { refused } from '../refusal.js';
import type { FileTicket, Pieces } from './file-ticket.js';

type Place = Pick<Capability, 'workspace' | 'environment'>;

/** Files on their way between the blob store and a service, piece by piece. */
export class BrokerFiles {
  constructor(
    private readonly blobs: BlobStore | null,
    private readonly keyring: Keyring,
  ) {}

  /** The body that the pieces make. Every file is open before the first byte goes out. Throws CallEnded. */
  async openBody(place: Place, pieces: Pieces): Promise<Readable> {
    const opened: (Buffer | Readable)[] = [];
    try {
      for (const piece of pieces)
        opened.push('text' in piece ? Buffer.from(piece.text) : await this.open(place, piece.file));
    } catch (error) {
      destroyAll(opened);
      throw error;
    }
    const body = Readable.from(chain(opened), { objectMode: false });
    // Also of a body that nobody began to read: then nothing runs in the chain.
    body.once('close', () => destroyAll(opened));
    return body;
  }

  /** A file's content. Throws CallEnded when it is gone or was changed. */
  async open(place: Place, ticket: FileTicket): Promise<Readable> {
    const key = await this.keyOf(place, ticket);
    const sealed = await this.store()
      .open(ticket.blob)
      .catch((cause: unknown) => {
        throw refused('broker.file_gone', `A file is not there any more: nothing was sent.`, asReason(cause));
      });
    const content = Readable.from(openFile(sealed, { key, of: ticket.of }), { objectMode: false });
    content.once('close', () => sealed.destroy());
    return content;
  }

  /**
   * What a file may be saved with later: the key is open by then, so that nothing which can be known before a call fails
   * after it. A save settles once the file is stored; what its source throws leaves nothing behind. Throws CallEnded.
   */
  async prepareSave(place: Place, ticket: FileTicket): Promise<(source: AsyncIterable<Uint8Array>) => Promise<void>> {
    const store = this.store();
    const key = await this.keyOf(place, ticket);
    return (source) => store.put(ticket.blob, sealFile(source, { key, of: ticket.of }));
  }

  /** Whether there is a place for files at all. */
  get hasStore(): boolean {
    return this.blobs !== null;
  }

  private async keyOf({ workspace, environment }: Place, { key, blob }: FileTicket): Promise<KeyObject> {
    const keys = await this.keyring.keysFor({ workspace, environment, purpose: 'payload' }, key);
    return unwrapPayloadKey(keys, key, `file|${blob}`).key;
  }

  private store(): BlobStore {
    if (this.blobs === null) throw refused('broker.no_file_store', noStore);
    return this.blobs;
  }
}

export const noStore =
  'This installation has no place for files: set SLUICE_BLOB_DIR to a folder that all of its machines share, or SLUICE_S3_ENDPOINT.';

/** Bytes of the body that the pieces make. */
export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + ('text' in piece ? Buffer.byteLength(piece.text) : piece.file.bytes), 0);
}

async function* chain(parts: readonly (Buffer | Readable)[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (part instanceof Readable) yield* part;
    else yield part;
  }
}

function destroyAll(parts: readonly (Buffer | Readable)[]): void {
  for (const part of parts) if (part instanceof Readable) part.destroy();
}

function asReason(cause: unknown): { code: string; detail: string } {
  return { code: 'blob', detail: cause instanceof Error ? cause.message.slice(0, 200) : 'unknown' };
}
