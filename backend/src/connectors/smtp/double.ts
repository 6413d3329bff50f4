import type { Fault, MailDouble, MailReceipt } from '@sluice/shared/connector';

/**
 * A mail server that keeps what it is given. `refused@...` is refused for good,
 * and the first mail to `fault-450@...` is put off.
 */
export function smtpDouble({ host = 'mail.example.org:587' }: { host?: string } = {}): MailDouble {
  const accounts = new Map<string, string>();
  const effects: string[] = [];
  let putOff = false;
  let fault: Fault | undefined;

  function isRefused(address: string): boolean {
    return localPart(address) === 'refused';
  }

  function isPutOff(address: string): boolean {
    if (putOff || localPart(address) !== 'fault-450') return false;
    putOff = true;
    return true;
  }

  return {
    host,
    grant() {
      const username = `sender-${accounts.size + 1}`;
      const password = `double-mail-password-${accounts.size + 1}`;
      accounts.set(username, password);
      return { kind: 'basic', username, password };
    },
    accepts: ({ username, password }) => accounts.get(username) === password,
    async deliver({ to, subject, messageId }) {
      const now = fault;
      fault = undefined;
      const answer = (response: string, accepted: readonly string[]): MailReceipt => ({
        accepted,
        rejected: to.filter((address) => !accepted.includes(address)),
        messageId,
        response,
      });
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit' || to.some(isPutOff)) return answer('450 4.7.1 Too many messages, try again later', []);
      if (now === 'unavailable') return answer('421 4.3.2 Service not available, closing transmission channel', []);
      if (now === 'reject') return answer('554 5.7.1 Message refused', []);
      const accepted = to.filter((address) => !isRefused(address));
      if (accepted.length === 0) return answer('550 5.1.1 No such mailbox', []);
      effects.push(`mail to ${accepted.join(', ')}: ${subject}`);
      return now === 'drop-reply' ? 'drop' : answer(`250 2.0.0 Ok: queued as D${effects.length}`, accepted);
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

/** `ada` of `Ada <ada@example.com>`. */
function localPart(address: string): string | undefined {
  return /([^<\s]+)@/.exec(address)?.[1];
}
