import { Webhook } from 'standardwebhooks';
import { newId } from '../src/platform/ids.js';

export interface Sent {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Sends a delivery as a sender with the package of Standard Webhooks does. */
export async function send(
  to: { url: string; endpoint: string; secret: string },
  body: unknown,
  more: { id?: string; at?: Date; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const { id = newId('event').replace('evt_', 'msg_'), at = new Date() } = more;
  const text = JSON.stringify(body);
  const signature = new Webhook(to.secret).sign(id, at, text);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
    ...more.headers,
  };
  return await sendRaw(`${to.url}/hooks/${to.endpoint}`, { method: 'POST', headers, body: text });
}

export async function sendRaw(url: string, init: RequestInit): Promise<Sent> {
  const reply = await fetch(url, init);
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: reply.status, headers: reply.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}
