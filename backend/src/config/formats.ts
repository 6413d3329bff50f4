import { z } from 'zod';

/** "a, b" as ["a", "b"]. */
export function listOf<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));
}

export function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === 32;
}

/** RFC 4226 asks for 16 bytes at least. */
export function isBase32(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '').replace(/=+$/, '');
  return /^[A-Z2-7]{26,}$/i.test(digits);
}

/** A name, an IPv4 or a bracketed IPv6 address, each with an optional port; or a CIDR. */
export function isPrivateHost(text: string): boolean {
  if (/^[\d.]+\/\d{1,2}$/.test(text) || /^[\da-f:.]+\/\d{1,3}$/i.test(text)) return true;
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(text);
}

/** "10GB,wsp_a=50GB" as bytes; null when it is not that. The part without a name holds for all others and must be there. */
export function parseQuota(text: string): { each: number; byWorkspace: ReadonlyMap<string, number> } | null {
  const byWorkspace = new Map<string, number>();
  let each: number | null = null;
  for (const part of text.split(',')) {
    const match = /^(?:(wsp_\w+)=)?(\d{1,6})(MB|GB|TB)$/.exec(part.trim());
    if (match === null) return null;
    const bytes = Number(match[2]) * 1024 ** ({ MB: 2, GB: 3, TB: 4 }[match[3] ?? ''] ?? 0);
    if (match[1] === undefined) each = bytes;
    else byWorkspace.set(match[1], bytes);
  }
  return each === null ? null : { each, byWorkspace };
}

/** "crm.example.com=http://127.0.0.1:4010,..." as host to URL; null when it is not that. */
export function parseDoubles(text: string): ReadonlyMap<string, string> | null {
  const doubles = new Map<string, string>();
  for (const part of text.split(',')) {
    const [host = '', url = '', ...rest] = part.trim().split('=');
    if (!/^[\w.:-]+$/.test(host) || rest.length > 0 || !URL.canParse(url)) return null;
    doubles.set(host, url);
  }
  return doubles;
}

export type KeyServiceAddress =
  | { kind: 'transit'; origin: string; mount: string; key: string }
  | { kind: 'aws-kms'; arn: string; region: string };

/** `transit:https://bao.example.com:8200/transit/sluice` or `aws-kms:arn:aws:kms:eu-central-1:111122223333:key/...`; null when it is neither. */
export function parseKeyService(text: string): KeyServiceAddress | null {
  const [, arn, region] = /^aws-kms:(arn:aws[\w-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+)$/.exec(text) ?? [];
  if (arn !== undefined && region !== undefined) return { kind: 'aws-kms', arn, region };
  const [, address = ''] = /^transit:(https?:.+)$/.exec(text) ?? [];
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const [, mount, key] = /^\/((?:[\w.-]+\/)*[\w.-]+)\/([\w.-]+)$/.exec(url.pathname) ?? [];
  if (mount === undefined || key === undefined || url.username !== '' || url.search !== '' || url.hash !== '')
    return null;
  return { kind: 'transit', origin: url.origin, mount, key };
}

/** `ada@example.com` or `Ada Lovelace <ada@example.com>` */
export const mailSender = /^(?:[^<>@\p{Cc}]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/u;

export interface MailServer {
  host: string;
  port: number;
  tls: 'required' | 'starttls' | 'none';
  username: string | null;
  password: string | null;
}

/** Null when it is no address of a mail server. */
export function parseMailServer(text: string): MailServer | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname))
    return null;
  if (!['', '?tls=none'].includes(url.search) || (url.username === '') !== (url.password === '')) return null;
  const isTls = url.protocol === 'smtps:';
  if (isTls && url.search !== '') return null;
  const tls = isTls ? 'required' : url.search === '' ? 'starttls' : 'none';
  const port = url.port === '' ? (isTls ? 465 : 587) : Number(url.port);
  const decode = (part: string) => (part === '' ? null : decodeURIComponent(part));
  try {
    return { host: url.hostname, port, tls, username: decode(url.username), password: decode(url.password) };
  } catch {
    return null;
  }
}
