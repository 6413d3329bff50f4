import type { Credential } from '../credential.js';
import type { MailReceipt } from '@sluice/shared/connector';
import { z } from 'zod';
import { dial, dialTrouble, isCertificateError, type Route } from '../egress/dial.js';
import type { Gate } from '../gate.js';
import { broke, CallEnded, refused, unreachable } from '../refusal.js';
import type { Stripper } from '../strip.js';
import { Deadline } from './deadline.js';
import type { OutgoingMail } from './mail-message.js';
import { type Login, loginOf, loginRefused, noTokens } from './sasl.js';
import { MailRefused, type MailResult, MailSession } from './mail-session.js';

/** A mail connection's settings, as the smtp connector declares them. */
const configSchema = z.object({
  host: z.string(),
  port: z.int().min(1).max(65535).default(587),
  from: z.string(),
  /** Whose mailbox an access token is for. */
  username: z.string().optional(),
  tls: z.union([z.boolean(), z.enum(['required', 'starttls', 'none'])]).optional(),
});

export interface MailServer {
  host: string;
  port: number;
  from: string;
  username?: string | undefined;
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
  /** Whose mailbox an access token is for. */
  account?: string | undefined;
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
  const login = auth.kind === 'none' ? null : loginOf(auth, call.account);
  const deadline = new Deadline(milliseconds, call.signal);
  let session: MailSession | null = null;
  try {
    const socket = await dial(route, { ca: call.ca, signal: deadline.signal });
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
      login,
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
  login: Login | null;
  stripper: Stripper;
  uncertain: boolean;
  isOver: boolean;
}): MailReceipt {
  const { error, mail, label, login, stripper, uncertain, isOver } = lost;
  if (error instanceof CallEnded) throw error;
  if (error instanceof MailRefused) {
    if (error.stage === 'mail' && error.status >= 500) {
      return receipt(mail, { accepted: [], rejected: mail.to, response: error.response }, stripper);
    }
    throw saidNo(error, { label, login });
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

function saidNo({ stage, status }: MailRefused, { label, login }: { label: string; login: Login | null }): CallEnded {
  if (stage === 'tokens') return noTokens(label);
  if (stage === 'login' && status >= 500 && login !== null) return loginRefused(label, login);
  // 4xx is for now (RFC 5321, 4.2.1); nothing was taken.
  const message = `${label} did not take the mail and answered ${status}.`;
  return broke({ code: 'egress.mail_not_taken', message, uncertain: false });
}

/** nodemailer's code when STARTTLS is missing or fails. */
function isTlsProblem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETLS';
}
