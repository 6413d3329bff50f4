import type { Socket } from 'node:net';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import type { Gate } from '../gate.js';
import { type HostKey, needsStrictExchange, readHostKey, strongAlgorithms } from './ssh-algorithms.js';

export type SshTrouble = 'weak' | 'host-key' | 'login';

/** Why no session came about: the algorithms, the host key or the login. Nothing was asked of the server then. */
export class SshRefused extends Error {
  override readonly name = 'SshRefused';

  constructor(
    readonly trouble: SshTrouble,
    readonly hostKey: HostKey | null,
  ) {
    super(`ssh: ${trouble}`);
  }
}

export interface SshLogin {
  username: string;
  /** Private halves, in the order in which they are tried. */
  keys: readonly string[];
}

/** One SSH connection over a socket that was dialled already. */
export class SshSession {
  readonly #client: Client;
  /** Rejects when the connection is lost. */
  readonly #lost: Promise<never>;
  #hostKey: HostKey | null = null;
  #isStrict = false;
  #trouble: SshTrouble | null = null;

  constructor(socket: Socket, { login, pinned, gate }: { login: SshLogin | null; pinned: string | null; gate: Gate }) {
    this.#client = new ssh2.Client();
    this.#lost = new Promise<never>((_resolve, reject) => {
      this.#client.on('error', (error) => reject(this.#explain(error)));
      this.#client.on('close', () => reject(this.#explain(new Error('closed'))));
    });
    this.#lost.catch(() => undefined);
    this.#client.on('handshake', ({ cs, sc }) => {
      if (this.#isStrict || ![cs.cipher, sc.cipher].some(needsStrictExchange)) return;
      this.#giveUp('weak');
    });
    const username = login?.username ?? '';
    const keys = [...(login?.keys ?? [])];
    this.#client.connect({
      sock: socket,
      username,
      algorithms: { ...strongAlgorithms, ...mutable },
      readyTimeout: 20_000,
      // Anything but this and what a key proves (password, agent, keyboard) is never tried.
      authHandler: (_left, _partial, next) => {
        const key = keys.shift();
        if (key === undefined) return false;
        gate.pass().then(
          () => next({ type: 'publickey', username, key }),
          (refusal) => this.#client.destroy().emit('error', refusal),
        );
        return undefined;
      },
      hostVerifier: (blob: Buffer) => this.#check(readHostKey(blob), pinned, login),
      // The one place where the library says it. Should it stop, what needs a strict exchange is refused.
      debug: (line) => {
        this.#isStrict ||= line === 'Handshake: strict KEX mode enabled';
      },
    });
  }

  /** The server's key, and nothing else: the connection ends there. Rejects with SshRefused or the socket's error. */
  async readHostKey(): Promise<HostKey> {
    try {
      return await this.#lost;
    } catch (error) {
      if (error instanceof SshRefused && error.trouble === 'host-key' && error.hostKey !== null) return error.hostKey;
      throw error;
    }
  }

  /** Signs in and opens SFTP. Rejects with SshRefused or the socket's error. */
  async openSftp(): Promise<SFTPWrapper> {
    await this.orLost(new Promise<void>((resolve) => void this.#client.once('ready', () => resolve())));
    return await this.orLost(
      new Promise<SFTPWrapper>((resolve, reject) => {
        this.#client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(error)));
      }),
    );
  }

  /** The work, unless the connection ends before. */
  async orLost<Result>(work: Promise<Result>): Promise<Result> {
    return await Promise.race([work, this.#lost]);
  }

  close(): void {
    this.#client.destroy();
  }

  #check(hostKey: HostKey, pinned: string | null, login: SshLogin | null): boolean {
    this.#hostKey = hostKey;
    if (!hostKey.isStrong) this.#trouble = 'weak';
    // Without a login it was the key that was asked for.
    else if (login === null || hostKey.fingerprint !== pinned) this.#trouble = 'host-key';
    return this.#trouble === null;
  }

  #giveUp(trouble: SshTrouble): void {
    this.#trouble ??= trouble;
    this.#client.destroy();
  }

  #explain(error: Error & { level?: string }): Error {
    if (this.#trouble !== null) return new SshRefused(this.#trouble, this.#hostKey);
    if (error.level === 'handshake' && /no matching/i.test(error.message)) return new SshRefused('weak', null);
    if (error.level === 'client-authentication') return new SshRefused('login', this.#hostKey);
    return error;
  }
}

/** The library's types ask for lists that it may change. */
const mutable = {
  kex: [...strongAlgorithms.kex],
  serverHostKey: [...strongAlgorithms.serverHostKey],
  cipher: [...strongAlgorithms.cipher],
  hmac: [...strongAlgorithms.hmac],
  compress: [...strongAlgorithms.compress],
};
