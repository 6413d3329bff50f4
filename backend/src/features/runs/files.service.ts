import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { FileHandle } from '@sluice/shared/connector';
import { DataSource } from 'typeorm';
import { openFileRow } from '../../engine/file-row.js';
import { openRunKey } from '../../engine/run-keys.js';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { placeOfFile } from '../../platform/blobs/file-place.js';
import { openFile } from '../../platform/blobs/sealed-file.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { Problem } from '../../platform/problem.js';
import { blobStore } from '../../platform/tokens.js';
import { memberEntry } from '../member-entry.js';
import { RunsRepository } from './runs.repository.js';

/** The content of one file of a run. The log knows who took it, and why, before the first byte leaves. */
@Injectable()
export class FilesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunsRepository,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    @Inject(blobStore) private readonly blobs: BlobStore | null,
  ) {}

  async download(
    actor: Actor,
    { id, file, reason }: { id: string; file: string; reason: string },
  ): Promise<{ handle: FileHandle; content: AsyncIterable<Buffer> }> {
    const run = await this.runs.find(actor.workspace, id);
    if (run === null) throw new Problem('run.unknown');
    const { environment, payloadKey } = run;
    assertMay(actor, 'runs.reveal', environment);
    const row = await this.runs.file(id, file);
    if (row === null) throw new Problem('file.unknown');
    const payload = await this.keyring.keysFor(
      { workspace: actor.workspace, environment, purpose: 'payload' },
      payloadKey,
    );
    const { handle, key } = openFileRow(openRunKey({ payload }, { id, payloadKey }).key, row.sealed, file);
    const { blob, of } = placeOfFile(file, row.keepDays);
    const sealed = await this.openBlob(blob);
    try {
      const entry = memberEntry(actor, 'run.file_downloaded', {
        subject: { kind: 'run', id },
        environment,
        detail: { file, bytes: handle.bytes, reason },
      });
      await this.dataSource.transaction((tx) => this.journal.record(tx, [{ ...entry, run: id }]));
    } catch (cause) {
      sealed.destroy();
      throw new Problem('audit.unwritable', { cause });
    }
    return { handle, content: openFile(sealed, { key, of }) };
  }

  private async openBlob(blob: string): Promise<Readable> {
    if (this.blobs === null) throw new Problem('file.unknown');
    try {
      return await this.blobs.open(blob);
    } catch (cause) {
      throw new Problem('file.unknown', { cause });
    }
  }
}
