import type { Fault, HttpReply, ServiceDouble } from '@sluice/shared/connector';

/** A receiver at hooks.example.com that checks signatures, drops repeats, and wants no event of the type `old.event`. */
export function webhookOutDouble(): ServiceDouble {
  const secrets: string[] = [];
  const seen = new Set<string>();
  const effects: string[] = [];
  let fault: Fault | undefined;
  const answer = (status: number, headers: Record<string, string> = {}): HttpReply => ({ status, headers, body: null });

  return {
    host: 'hooks.example.com',
    grant() {
      const secret = `whsec_${btoa(`double secret ${String(secrets.length + 1).padStart(14, '0')}`)}`;
      secrets.push(secret);
      return { kind: 'signing', secret };
    },
    async handle({ method, headers, body }) {
      const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': signature = '' } = headers;
      const text = `${id}.${at}.${typeof body === 'string' ? body : JSON.stringify(body)}`;
      const right = await Promise.all(secrets.map((secret) => sign(secret, text)));
      if (!right.includes(signature)) return answer(401);
      if (method !== 'POST') return answer(405);
      const now = fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit') return answer(429, { 'retry-after': '1' });
      if (now === 'unavailable') return answer(503);
      if (now === 'reject') return answer(400);
      const { type } = Object(body);
      if (type === 'old.event') return answer(410);
      if (!seen.has(id)) effects.push(`took ${type}`);
      seen.add(id);
      return now === 'drop-reply' ? 'drop' : answer(204);
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

async function sign(secret: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
}
