import type { FileHandle, HttpRequest } from '@sluice/shared/connector';
import { runOfFile } from '@sluice/shared/lib';
import type { FileTicket, KeepTicket } from '../broker/call.js';
import { newFileId, placeOfFile } from '../platform/blobs/file-place.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { KeyServiceAway } from '../platform/keys/key-service.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { unwrapPayloadKey, wrapPayloadKey } from '../platform/keys/payload-sealing.js';
import { newKey } from '../platform/keys/secret-key.js';
import { CallRefused } from './call-refused.js';
import { type KeyedFile, openFileRow } from './file-row.js';
import type { RunMemory } from './run-memory.js';
import type { RunStore } from './store/run-store.js';

export interface RunFilesOptions {
  store: Pick<RunStore, 'findFile'>;
  keyring: Pick<Keyring, 'keysFor'>;
  /** The largest that is taken, in bytes; 0 where there is no place for files. */
  mostBytes: number;
  /** Whether a workspace has used all of its storage. */
  isFull(workspace: string): boolean;
}

/** How long a step waits for a database or a key service that is away. */
const awaySeconds = 5;

/** Files of runs, as the broker is handed them. */
export class RunFiles {
  constructor(private readonly options: RunFilesOptions) {}

  /** For a file of this run, or of one that it came from or began. Throws CallRefused for any other: a handle is only data. */
  async ticket(run: RunMemory, handle: FileHandle): Promise<FileTicket> {
    try {
      return await this.find(run, handle);
    } catch (error) {
      if (!isDatabaseAway(error) && !(error instanceof KeyServiceAway)) throw error;
      throw new CallRefused('file.away', 'A file could not be looked up just now: nothing was sent.', awaySeconds);
    }
  }

  private async find({ id: run, deployment, keys }: RunMemory, { file }: FileHandle): Promise<FileTicket> {
    const { workspace, environment } = deployment;
    const row = await this.options.store.findFile({ workspace, environment, run, file });
    if (row === null)
      throw new CallRefused(
        'file.unknown',
        'A file is not one of this run, or was dropped with the run that brought it in: nothing was sent.',
      );
    const owner = await this.options.keyring.keysFor({ workspace, environment, purpose: 'payload' }, row.payloadKey);
    const { key: payloadKey } = unwrapPayloadKey(owner, row.payloadKey, `payload|${runOfFile(file)}`);
    const { handle, key } = openFileRow(payloadKey, row.sealed, file);
    const { blob, of } = placeOfFile(file, row.keepDays);
    return { file, blob, of, key: wrapPayloadKey(keys.payload, key, `file|${blob}`), bytes: handle.bytes };
  }

  /**
   * For a file that an answer may become; null where there is no place for one. Where storage is full runs under way go
   * on, without files: CallRefused where the answer has to be one.
   */
  keep(
    { id: run, deployment, keys, keepDays }: RunMemory,
    when: NonNullable<HttpRequest['keep']>,
  ): { keep: KeepTicket; key: KeyedFile['key'] } | null {
    const { mostBytes, isFull } = this.options;
    if (mostBytes === 0) return null;
    if (isFull(deployment.workspace)) {
      if (when === 'large') return null;
      throw new CallRefused('storage.full', 'The workspace has used all of its storage: nothing was asked for.');
    }
    const file = newFileId(run);
    const key = newKey();
    const { blob, of } = placeOfFile(file, keepDays);
    const ticket = { file, blob, of, key: wrapPayloadKey(keys.payload, key, `file|${blob}`), bytes: 0 };
    return { keep: { ticket, when, mostBytes }, key };
  }
}
