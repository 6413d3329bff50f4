import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemBodySchema } from '@sluice/shared/api';
import { z } from 'zod';
import type { Demo } from './demo-file.js';
import { type DemoEvent, type Faults, happen } from './events.js';
import { say } from './say.js';
import { sign } from './sign.js';

/** How often each thing happened to what was sent. */
export interface Sent {
  events: number;
  accepted: number;
  repeated: number;
  refused: number;
}

export interface Plan {
  /** Where the product answers. */
  url: string;
  demo: Demo;
  faults: Faults;
  /** How many; null for no end. */
  events: number | null;
  pauseMs: number;
}

/** Sends one event after the other and says in a line what was sent and answered, until all are sent or `signal` says stop. */
export async function sendEvents({ url, demo, faults, events, pauseMs }: Plan, signal: AbortSignal): Promise<Sent> {
  const sent: Sent = { events: 0, accepted: 0, repeated: 0, refused: 0 };
  // Another start is another story: its messages are no repeats.
  const start = Date.now().toString(36);
  for (const event of happen(faults, start)) {
    if (signal.aborted || sent.events === events) break;
    const what = await deliver({ url, demo, event }, signal);
    if (what === null) break;
    sent.events++;
    sent[what]++;
    if (sent.events !== events) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return sent;
}

interface Errand {
  url: string;
  demo: Demo;
  event: DemoEvent;
}

/** Null: we were stopped meanwhile. */
async function deliver({ url, demo, event }: Errand, signal: AbortSignal): Promise<Fate | null> {
  const { flow, environment } = event;
  const endpoint = demo.endpoints.find((one) => one.flow === flow && one.environment === environment);
  if (endpoint === undefined) throw new Error(`The demo knows no endpoint of ${flow} in ${environment}`);
  const secret = event.isForged ? randomBytes(24).toString('base64') : endpoint.secret;
  const { headers, body } = sign({ flow, secret }, event);
  const time = new Date().toLocaleTimeString('en-GB');
  try {
    const reply = await fetch(url + endpoint.path, { method: 'POST', headers, body, signal });
    const { fate, words } = read(reply.status, await reply.json());
    say(`${time}  ${environment.padEnd(7)}  ${event.title}: ${words}`);
    return fate;
  } catch (error) {
    if (signal.aborted) return null;
    say(
      `${time}  ${environment.padEnd(7)}  ${event.title}: not delivered (${error instanceof Error ? error.message : String(error)})`,
    );
    return 'refused';
  }
}

type Fate = 'accepted' | 'repeated' | 'refused';

const startedSchema = z.object({ runId: z.string(), status: z.string().optional() });

/** What the webhook door, or the flow itself, answered. */
function read(status: number, answer: unknown): { fate: Fate; words: string } {
  if (status >= 400) {
    const message = problemBodySchema.safeParse(answer).data?.message ?? 'no reason given';
    return { fate: 'refused', words: `${status} ${message}` };
  }
  const { data: run } = startedSchema.safeParse(answer);
  if (run === undefined) return { fate: 'accepted', words: `${status} ${JSON.stringify(answer)}` };
  if (status === 200 && run.status === undefined)
    return { fate: 'repeated', words: `${status} known already, ${run.runId}` };
  return { fate: 'accepted', words: `${status} ${run.status ?? 'accepted'}, ${run.runId}` };
}
