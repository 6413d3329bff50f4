import type { Credential } from '../credential.js';
import type { MailReceipt } from '@sluice/shared/connector';
import { z } from 'zod';
import { dial, dialTrouble, isCertificateError, type Route } from '../egress/dial.js';
import type { Gate } from '../gate.js';
import { broke, CallEnded, refused, unreachable } from '../refusal.js';
import type { Stripper } from '../strip.js';
import { Deadline } from './deadline.js';
import type { OutgoingMail } from './mail-message.js';
import { MailRefused, type MailResult, MailSession } from './mail-session.js';

/** A mail connection's settings, as the smtp connector declares them. */
const configSchema = z.object({
  host: z.string(),
  port: z.int().min(1).max(65535).default(587),
  from: z.string(),
  tls: z.union([z.boolean(), z.enum(['required', 'starttls', 'none'])]).optional(),
});

export interface MailServer {
  host: string;
  port: number;
  from: string;
  /** `required`: TLS from the first byte. `none`: in the clear, which the operator must have allowed. */
  tls: 'required' | 'starttls' | 'none';
}

/** Throws CallEnded. */
export function readMailServer(config: unknown): MailServer {
  const { data } = configSchema.safeParse(config);
  if (data === undefined)
    throw refused('broker.bad_request', "The connection isn't one for mail: it names no server and sender.");
  const { tls, ...rest } = data;
  if (tls === false) return { ...rest, tls: 'none' };
  if (tls === true || tls === undefined) return { ...rest, tls: data.port === 465 ? 'required' : 'starttls' };
  return { ...rest, tls };
}

export interface MailCall {
  label: string;
  route: Route;
  tls: MailServer['tls'];
  ca?: string[] | undefined;
  mail: OutgoingMail;
  auth: Credential;
  milliseconds: number;
  gate: Gate;
  signal?: AbortSignal | undefined;
  stripper: Stripper;
}

/**
 * Hands one mail to a server over a socket of its own. A server that says no for good to sender or recipients gives a
 * receipt that accepts nobody, with its words. Rejects with CallEnded.
 */
export async function sendMail(call: MailCall): Promise<MailReceipt> {
  const { label, route, auth, milliseconds, mail, stripper } = call;
  if (auth.kind !== 'basic' && auth.kind !== 'none') {
    throw refused('broker.bad_secret', 'A mail server takes a user name and password: change the connection.');
  }
  const deadline = new Deadline(milliseconds, call.signal);
  let session: MailSession | null = null;
  try {
    const socket = await dial(route, { ca: call.ca, signal: deadline.signal });
    const login = auth.kind === 'basic' ? auth : null;
    session = new MailSession({
      socket,
      host: route.host,
      isTls: route.isTls,
      isCleartext: call.tls === 'none',
      ca: call.ca,
      login,
      gate: call.gate,
    });
    const result = await deadline.orOver(session.deliver(mail));
    return receipt(mail, result, stripper);
  } catch (error) {
    return settleFailure({
      error,
      mail,
      label,
      stripper,
      uncertain: session?.wasHandedOver ?? false,
      isOver: deadline.isOver,
    });
  } finally {
    deadline.clear();
    session?.close();
  }
}

function receipt(mail: OutgoingMail, { accepted, rejected, response }: MailResult, stripper: Stripper): MailReceipt {
  return { accepted, rejected, messageId: mail.messageId, response: stripper.text(response) };
}

function settleFailure(lost: {
  error: unknown;
  mail: OutgoingMail;
  label: string;
  stripper: Stripper;
  uncertain: boolean;
  isOver: boolean;
}): MailReceipt {
  const { error, mail, label, stripper, uncertain, isOver } = lost;
  if (error instanceof CallEnded) throw error;
  if (error instanceof MailRefused) {
    if (error.stage === 'mail' && error.status >= 500) {
      return receipt(mail, { accepted: [], rejected: mail.to, response: error.response }, stripper);
    }
    throw saidNo(label, error);
  }
  if (uncertain) {
    const code = isOver ? 'egress.timeout' : 'egress.broken_off';
    throw broke(
      {
        code,
        message: `${label} took the mail and broke off before it confirmed it: it may be on its way.`,
        uncertain,
      },
      error,
    );
  }
  if (isCertificateError(error) || isTlsProblem(error)) {
    const message = `${label} offers no encryption with a certificate that proves its name: correct the host or have it mended.`;
    throw broke({ code: 'egress.certificate', message, uncertain }, error);
  }
  throw unreachable(label, dialTrouble(error), error);
}

function saidNo(label: string, { stage, status }: MailRefused): CallEnded {
  if (stage === 'login' && status >= 500) {
    return refused(
      'egress.login_refused',
      `${label} does not accept the connection's user name and password: enter them again.`,
    );
  }
  // 4xx is for now (RFC 5321, 4.2.1); nothing was taken.
  const message = `${label} did not take the mail and answered ${status}.`;
  return broke({ code: 'egress.mail_not_taken', message, uncertain: false });
}

/** nodemailer's code when STARTTLS is missing or fails. */
function isTlsProblem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETLS';
}
