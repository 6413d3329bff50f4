import { posix } from 'node:path';
import type { SftpFile, SftpReply, SftpRequest } from '@sluice/shared/connector';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { isPlainName, isWithin, placeOf } from './sftp-paths.js';

/** Bytes of one file that may come in or go out at once. */
export const mostBytes = 10 * 1024 * 1024;
/** Files that one list gives. */
export const mostFiles = 1000;
/** Entries that are looked at before a list is cut: a server may send them for ever. */
const mostEntries = 20_000;
/** Every server takes as much at once (filexfer-02, 3). */
const chunkBytes = 32 * 1024;
/** Chunks that are on their way at once: else each would cost a way there and back. */
const windowChunks = 16;

type Refusal = Extract<SftpReply, { do: 'refused' }>['reason'];

/** The server, or a rule of ours, said no to one deed. */
export class SftpRefused extends Error {
  override readonly name = 'SftpRefused';

  constructor(
    readonly reason: Refusal,
    message: string,
  ) {
    super(message);
  }
}

/** Carries out deeds below one directory. Each rejects with SftpRefused, or with the library's error. */
export class SftpFiles {
  readonly #sftp: SFTPWrapper;
  readonly #directory: string;
  /** Ends the name of a file that is being written; the same at each attempt, so that a repeat writes over it. */
  readonly #mark: string;

  constructor(sftp: SFTPWrapper, { directory, mark }: { directory: string; mark: string }) {
    this.#sftp = sftp;
    this.#directory = directory;
    this.#mark = mark;
  }

  async carryOut(request: Exclude<SftpRequest, { do: 'host-key' }>): Promise<SftpReply> {
    switch (request.do) {
      case 'list':
        return await this.#list(request.path);
      case 'stat':
        return { do: 'stat', file: await this.#stat(request.path) };
      case 'get':
        return await this.#get(request.path, request.as);
      case 'put':
        return await this.#put(request);
      case 'move':
        return await this.#move(request);
      case 'delete':
        return await this.#delete(request.path);
    }
  }

  async #list(path: string): Promise<SftpReply> {
    const place = await this.#findWithin(path);
    const handle = await ask<Buffer>((done) => this.#sftp.opendir(place, done));
    const files: SftpFile[] = [];
    let seen = 0;
    let skipped = 0;
    for (;;) {
      const entries = await ask<FileEntryWithStats[]>((done) => this.#sftp.readdir(handle, done)).catch(nothingAtEnd);
      if (entries === null || entries.length === 0) break;
      seen += entries.length;
      for (const { filename, attrs } of entries) {
        if (filename === '.' || filename === '..') continue;
        if (!isPlainName(filename)) skipped += 1;
        else files.push(describe(posix.join(path, filename), attrs));
      }
      if (files.length > mostFiles || seen > mostEntries) break;
    }
    await this.#close(handle);
    const isCut = files.length > mostFiles || seen > mostEntries;
    return { do: 'list', files: files.slice(0, mostFiles).sort(byName), skipped, isCut };
  }

  async #stat(path: string): Promise<SftpFile | null> {
    const place = await this.#findParent(path).catch(nullIfMissing);
    const stats = place === null ? null : await this.#lstat(place);
    return stats === null ? null : describe(path, stats);
  }

  async #get(path: string, as: 'text' | 'base64'): Promise<SftpReply> {
    const place = await this.#findWithin(path);
    const handle = await ask<Buffer>((done) => this.#sftp.open(place, 'r', done));
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const came = await this.#readWindow(handle, size);
      if (came.length === 0) break;
      for (const chunk of came) size += chunk.length;
      // Whatever size the server has stated: what comes is counted.
      if (size > mostBytes) throw new SftpRefused('too-large', 'The file is larger than 10 MiB.');
      chunks.push(...came);
    }
    await this.#close(handle);
    return { do: 'get', content: decode(Buffer.concat(chunks), as), size };
  }

  async #put({ path, content, as, replace }: Extract<SftpRequest, { do: 'put' }>): Promise<SftpReply> {
    const bytes = Buffer.from(content, as === 'text' ? 'utf8' : 'base64');
    if (bytes.length > mostBytes) throw new SftpRefused('too-large', 'The file is larger than 10 MiB.');
    const place = await this.#findParent(path);
    if (!replace) await this.#assertFree(place);
    const part = this.#beside(place, 'part');
    try {
      await this.#write(part, bytes);
      await this.#rename(part, place, replace);
    } catch (error) {
      await this.#unlink(part).catch(() => undefined);
      throw error;
    }
    return { do: 'put', size: bytes.length };
  }

  async #write(part: string, bytes: Buffer): Promise<void> {
    const handle = await ask<Buffer>((done) => this.#sftp.open(part, 'w', done));
    for (let from = 0; from < bytes.length; from += chunkBytes * windowChunks) {
      await Promise.all(
        placesFrom(from)
          .filter((at) => at < bytes.length)
          .map((at) => this.#writeChunk(handle, bytes, at)),
      );
    }
    await this.#close(handle);
  }

  async #move({ path, to, replace }: Extract<SftpRequest, { do: 'move' }>): Promise<SftpReply> {
    const [from, place] = [await this.#findParent(path), await this.#findParent(to)];
    if ((await this.#lstat(from)) === null) throw notFound();
    if (!replace) await this.#assertFree(place);
    await this.#rename(from, place, replace);
    return { do: 'move' };
  }

  async #delete(path: string): Promise<SftpReply> {
    const place = await this.#findParent(path).catch(nullIfMissing);
    const stats = place === null ? null : await this.#lstat(place);
    if (place === null || stats === null) return { do: 'delete', wasThere: false };
    if (stats.isDirectory()) throw new SftpRefused('failed', 'It is a directory, and only files are deleted.');
    await this.#unlink(place);
    return { do: 'delete', wasThere: true };
  }

  async #rename(from: string, to: string, replace: boolean): Promise<void> {
    if (!replace) return await this.#renameToFree(from, to);
    try {
      await ask<void>((done) => this.#sftp.ext_openssh_rename(from, to, done));
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      await this.#renameByHand(from, to);
    }
  }

  /** Without the server's own extension a file that is there has to make room first. It goes once the other is in its place. */
  async #renameByHand(from: string, to: string): Promise<void> {
    const aside = this.#beside(to, 'old');
    const there = await this.#lstat(to);
    if (there?.isDirectory() === true)
      throw new SftpRefused('failed', 'It is a directory, and only files are replaced.');
    if (there !== null) {
      // Of an attempt that was cut off when it was done but for this.
      await this.#unlink(aside).catch(nullIfMissing);
      await this.#renameToFree(to, aside);
    }
    try {
      await this.#renameToFree(from, to);
    } catch (error) {
      // Also what an attempt before put aside.
      await this.#renameToFree(aside, to).catch(() => undefined);
      throw error;
    }
    await this.#unlink(aside).catch(() => undefined);
  }

  /** A rename of the third version takes no place that is taken. */
  async #renameToFree(from: string, to: string): Promise<void> {
    await ask<void>((done) => this.#sftp.rename(from, to, done));
  }

  async #unlink(place: string): Promise<void> {
    await ask<void>((done) => this.#sftp.unlink(place, done));
  }

  /** A hidden name in the same directory; the same at each attempt. */
  #beside(place: string, ending: 'part' | 'old'): string {
    return posix.join(posix.dirname(place), `.${posix.basename(place).slice(0, 200)}.${this.#mark}.${ending}`);
  }

  async #assertFree(place: string): Promise<void> {
    if ((await this.#lstat(place)) !== null) throw new SftpRefused('exists', 'There is a file of that name already.');
  }

  /** Where a path leads, which must be below the approved directory whatever links the server has. */
  async #findWithin(path: string): Promise<string> {
    return await this.#realWithin(placeOf(this.#directory, path));
  }

  /** For what need not be there, or must not be followed: only the directory that holds it is looked up. */
  async #findParent(path: string): Promise<string> {
    if (path === '/') throw new SftpRefused('failed', 'This is the directory itself: name a file in it.');
    const place = placeOf(this.#directory, path);
    return posix.join(await this.#realWithin(posix.dirname(place)), posix.basename(place));
  }

  async #realWithin(place: string): Promise<string> {
    const root = await ask<string>((done) => this.#sftp.realpath(this.#directory, done));
    const real = await ask<string>((done) => this.#sftp.realpath(place, done));
    if (isWithin(real, root)) return real;
    throw new SftpRefused('outside', "It leads out of the connection's directory: nothing was done.");
  }

  async #lstat(place: string): Promise<Stats | null> {
    return await ask<Stats>((done) => this.#sftp.lstat(place, done)).catch(nullIfMissing);
  }

  /** What follows without a gap: a server may give less than it was asked for, and then the rest is asked for again. */
  async #readWindow(handle: Buffer, from: number): Promise<Buffer[]> {
    const reads = placesFrom(from).map((at) => this.#read(handle, at).catch(nothingAtEnd));
    const came = await Promise.all(reads);
    const short = came.findIndex((chunk) => chunk === null || chunk.length < chunkBytes);
    const whole = short === -1 ? came : came.slice(0, short + 1);
    return whole.flatMap((chunk) => (chunk === null || chunk.length === 0 ? [] : [chunk]));
  }

  #writeChunk(handle: Buffer, bytes: Buffer, at: number): Promise<void> {
    const length = Math.min(chunkBytes, bytes.length - at);
    return ask<void>((done) => this.#sftp.write(handle, bytes, at, length, at, done));
  }

  #read(handle: Buffer, position: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      this.#sftp.read(handle, buffer, 0, chunkBytes, position, (error, count) => {
        if (error) reject(error);
        else resolve(buffer.subarray(0, count));
      });
    });
  }

  #close(handle: Buffer): Promise<void> {
    return ask<void>((done) => this.#sftp.close(handle, done));
  }
}

function placesFrom(from: number): number[] {
  return Array.from({ length: windowChunks }, (_, n) => from + n * chunkBytes);
}

function ask<Result>(send: (done: (error?: Error | null, result?: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    // The library gives a result whenever it gives no error.
    send((error, result) => (error ? reject(error) : resolve(result as Result)));
  });
}

/** SSH_FX_EOF, SSH_FX_NO_SUCH_FILE, SSH_FX_PERMISSION_DENIED, SSH_FX_OP_UNSUPPORTED of the protocol's third version. */
const codes = { end: 1, missing: 2, denied: 3, unsupported: 8 } as const;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

function nothingAtEnd(error: unknown): null {
  if (codeOf(error) === codes.end) return null;
  throw error;
}

function nullIfMissing(error: unknown): null {
  if (codeOf(error) === codes.missing) return null;
  throw error;
}

function isUnsupported(error: unknown): boolean {
  return codeOf(error) === codes.unsupported || (error instanceof Error && /does not support this/.test(error.message));
}

function notFound(): SftpRefused {
  return new SftpRefused('not-found', 'There is no such file.');
}

/** What a server's status means; null: it is none. Its own words may hold anything and are left out. */
export function refusalIn(error: unknown): SftpRefused | null {
  if (error instanceof SftpRefused) return error;
  const code = codeOf(error);
  if (code === codes.missing) return notFound();
  if (code === codes.denied) return new SftpRefused('denied', 'The server does not let this user do that.');
  return typeof code === 'number' ? new SftpRefused('failed', `The server refused it with status ${code}.`) : null;
}

function describe(path: string, stats: Pick<Stats, 'size' | 'mtime' | 'isFile' | 'isDirectory'>): SftpFile {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  const modifiedAt = new Date((stats.mtime ?? 0) * 1000).toISOString();
  return { name: posix.basename(path), path, kind, size: stats.size ?? 0, modifiedAt };
}

function byName(one: SftpFile, other: SftpFile): number {
  return one.name < other.name ? -1 : 1;
}

function decode(bytes: Buffer, as: 'text' | 'base64'): string {
  if (as === 'base64') return bytes.toString('base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SftpRefused('failed', 'The file is no UTF-8 text: take it as base64.');
  }
}
