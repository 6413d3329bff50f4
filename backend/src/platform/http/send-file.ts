import type { Response } from 'express';

/**
 * Heads of an answer that is what somebody uploaded. A browser saves it and never shows it: whatever is in it, it is bytes,
 * and were it opened all the same it would stand alone, without scripts, in an origin of its own.
 */
export function sendFile(res: Response, { name, bytes }: { name: string; bytes: number }): void {
  res.setHeader('Content-Type', 'application/octet-stream');
  res.setHeader('Content-Length', String(bytes));
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  res.setHeader('Content-Disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.setHeader('Cache-Control', 'no-store');
}
