/** How a file's content travels: as UTF-8 text, or as base64 of its bytes. */
export type SftpEncoding = 'text' | 'base64';

/**
 * What a connector asks of an SFTP server, one deed a call. Paths begin with `/`, which is the connection's approved
 * directory: nothing outside it can be named.
 */
export type SftpRequest =
  | { do: 'list'; path: string }
  /** Whether there is such a file. */
  | { do: 'stat'; path: string }
  | { do: 'get'; path: string; as: SftpEncoding }
  /** Written beside its place and moved there when it is whole. Without `replace` a file that is there is left alone. */
  | { do: 'put'; path: string; content: string; as: SftpEncoding; replace: boolean }
  | { do: 'move'; path: string; to: string; replace: boolean }
  | { do: 'delete'; path: string }
  /** The server's host key, before anybody has pinned one: no secret is used for it. */
  | { do: 'host-key' };

/** A name is what the server said it is: data, never a path that was checked. */
export interface SftpFile {
  name: string;
  path: string;
  kind: 'file' | 'directory' | 'other';
  /** Bytes. */
  size: number;
  /** ISO 8601. */
  modifiedAt: string;
}

export type SftpReply =
  /** `skipped` counts entries whose names no path can hold; `isCut`: there are more than may come at once. */
  | { do: 'list'; files: readonly SftpFile[]; skipped: number; isCut: boolean }
  | { do: 'stat'; file: SftpFile | null }
  | { do: 'get'; content: string; size: number }
  | { do: 'put'; size: number }
  | { do: 'move' }
  | { do: 'delete'; wasThere: boolean }
  /** `SHA256:` and 43 digits of base64, as `ssh-keygen -l` prints it. */
  | { do: 'host-key'; type: string; fingerprint: string }
  /** The server said no, and nothing was changed. */
  | { do: 'refused'; reason: 'not-found' | 'denied' | 'exists' | 'too-large' | 'outside' | 'failed'; message: string };
