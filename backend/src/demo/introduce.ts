import { createInterface } from 'node:readline';
import { codeForNow } from './codes.js';
import type { Demo } from './demo-file.js';
import { say } from './say.js';

/** Who can sign in where, and that none of it is real. */
export async function introduce(url: string, demo: Demo): Promise<void> {
  say();
  say(`Sluice, as a demo:  ${url}`);
  say('People and events are invented. HubSpot, Stripe, the books and the mail server are stand-ins on this machine:');
  say('nothing leaves it. They are bound in dev and staging only, since a production environment refuses stand-ins.');
  say('A request for one scope more waits in Approvals; sign in as Mira Sato to decide it.');
  say();
  say(`Everybody's password: ${demo.password}`);
  await showCodes(demo);
  say('Add a key to an authenticator app, or use the code: each works once, for about a minute.');
  say();
}

async function showCodes({ owner, members }: Demo): Promise<void> {
  for (const { name, email, role, totpSecret } of [owner, ...members]) {
    const code = await codeForNow(totpSecret);
    say(`  ${role.padEnd(8)}  ${name.padEnd(12)}  ${email.padEnd(18)}  key ${totpSecret}  code ${code}`);
  }
}

/** Without an authenticator at hand: Enter prints new codes. Only where somebody can press it. */
export function offerCodes(demo: Demo, signal: AbortSignal): void {
  if (!process.stdin.isTTY) return;
  say('Enter prints new codes, Ctrl-C stops the demo.');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => void showCodes(demo));
  signal.addEventListener('abort', () => lines.close());
}
