import type { FileHandle } from './file.js';

/** What a mail may be marked with, in the words of people; the broker knows the protocol's. */
export const imapMarks = ['read', 'unread', 'flagged', 'unflagged', 'answered', 'unanswered'] as const;
export type ImapMark = (typeof imapMarks)[number];

/** One mail of a mailbox: its UID holds for as long as the mailbox keeps its UIDVALIDITY (RFC 9051, 2.3.1.1). */
export interface ImapPlace {
  mailbox: string;
  uidValidity: number;
  uid: number;
}

/** What a connector asks of an IMAP server, one deed a call. */
export type ImapRequest =
  /** The mails above the UID `after`, the oldest first. Under another UIDVALIDITY than the given one none come. */
  | {
      do: 'read';
      mailbox: string;
      after: number;
      uidValidity: number | null;
      /** Texts that the sender or the subject holds, whatever their case. */
      from?: string;
      subject?: string;
      isUnread: boolean;
      /** None: it only tells where the mailbox is. */
      most: number;
    }
  | ({ do: 'mark'; as: ImapMark } & ImapPlace)
  /** To another mailbox of the same account. */
  | ({ do: 'move'; to: string } & ImapPlace)
  /** What a mail has attached at `part`, as a file of the run. */
  | ({ do: 'attachment'; part: string } & ImapPlace);

export interface ImapAddress {
  name: string;
  address: string;
}

/** A mail as it was read. All of it is what somebody wrote: data, and no proof of who did. */
export interface ImapMail {
  uid: number;
  messageId: string | null;
  from: ImapAddress | null;
  to: ImapAddress[];
  cc: ImapAddress[];
  replyTo: ImapAddress[];
  subject: string;
  /** ISO 8601, as the sender says; null where he says none. */
  sentAt: string | null;
  /** ISO 8601, as the server says. */
  receivedAt: string;
  /** The protocol's: `\Seen`, `\Flagged`. */
  flags: string[];
  /** Bytes of the whole mail. */
  size: number;
  text: string | null;
  html: string | null;
  /** Texts were longer, or attachments more, than come in. */
  isCut: boolean;
  /** `part`: where it is in the mail (`2`, `2.1`). `size` is about so many bytes: what the server says of the encoded part, reckoned back. */
  attachments: { name: string | null; type: string; size: number; part: string }[];
}

export type ImapReply =
  /** `uidNext`: what comes from now on has this UID or a higher one. `more`: there are mails behind those. */
  | { do: 'read'; uidValidity: number; uidNext: number; mails: ImapMail[]; more: boolean }
  | { do: 'mark'; wasThere: boolean }
  | { do: 'move'; wasThere: boolean }
  | { do: 'attachment'; file: FileHandle }
  /** The server said no, or it was asked for what it can't do; nothing was changed. */
  | {
      do: 'refused';
      reason: 'no-mailbox' | 'renumbered' | 'read-only' | 'no-move' | 'no-attachment' | 'failed';
      message: string;
    };
