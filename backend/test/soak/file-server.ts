import { posix } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { startSshServer } from '../ssh-server.js';

/** An SFTP server whose files outlive every process that moves them. */
export interface FileServer {
  port: number;
  host: string;
  /** Puts a file into `/in`, from where it is moved once at most: who moves it again finds none. */
  put(name: string): void;
  /** Files that were moved, by name. */
  readonly lines: ReadonlyMap<string, { effects: number }>;
  /** Called for each move once it is done, before the answer; `false` keeps the answer back for ever. */
  onMove(): boolean;
  close(): Promise<void>;
}

/** Of the protocol's third version. */
const status = { ok: 0, missing: 2, failure: 4 } as const;
const attrs = { mode: 0o100644, uid: 1, gid: 1, size: 1, atime: 0, mtime: 0 };

export async function openFileServer(): Promise<FileServer> {
  const files = new Set<string>();
  const lines = new Map<string, { effects: number }>();
  function serve(sftp: SFTPWrapper): void {
    const tell = (id: number, path: string) =>
      files.has(path) ? sftp.attrs(id, attrs as never) : sftp.status(id, status.missing);
    sftp.on('REALPATH', (id, path) => sftp.name(id, [{ filename: path, longname: path, attrs }] as never));
    sftp.on('STAT', tell);
    sftp.on('LSTAT', tell);
    sftp.on('RENAME', (id, from, to) => {
      if (!files.has(from) || files.has(to)) return sftp.status(id, files.has(to) ? status.failure : status.missing);
      files.delete(from);
      files.add(to);
      const name = posix.basename(from);
      lines.set(name, { effects: (lines.get(name)?.effects ?? 0) + 1 });
      return server.onMove() && sftp.status(id, status.ok);
    });
  }
  const { port, close } = await startSshServer({ serve });
  const server: FileServer = {
    port,
    host: `127.0.0.1:${port}`,
    put: (name) => void files.add(`/in/${name}`),
    lines,
    onMove: () => true,
    close,
  };
  return server;
}
