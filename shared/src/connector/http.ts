import type { FileBody, FileHandle, FormBody } from './file.js';

/** What a connector asks the broker to send. The broker adds the secret after it has checked the host. */
export interface HttpRequest {
  method: string;
  /** Absolute, https unless the host is one the operator allows in the clear. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a URLSearchParams as a form, text as it is; files are streamed. */
  body?: object | URLSearchParams | string | FileBody | FormBody;
  /** How many redirects of a GET or HEAD are followed, 5 at most; none unless given, and a redirect is the answer. */
  redirects?: number;
  /**
   * Whether the body of a good answer becomes a file, and `body` of the reply its handle: `all` of them, or `large` ones
   * (above 960 KiB, and what is neither text nor JSON). Left out: none, and what is larger than 10 MiB is a failure.
   */
  keep?: 'large' | 'all';
}

/** What came back, with every trace of the injected secret removed. */
export interface HttpReply {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Parsed when the answer says JSON, else text; null when empty. */
  body: unknown;
}

/** A mail to hand to the connection's server. `from` defaults to the connection's own sender. */
export interface MailMessage {
  to: readonly string[];
  cc?: readonly string[];
  bcc?: readonly string[];
  replyTo?: string;
  subject: string;
  text?: string;
  html?: string;
  attachments?: readonly FileHandle[];
  /** Becomes the Message-ID, so that a repeated mail can be recognised. */
  messageId: string;
}

export interface MailReceipt {
  accepted: readonly string[];
  rejected: readonly string[];
  messageId: string;
  response: string;
}
