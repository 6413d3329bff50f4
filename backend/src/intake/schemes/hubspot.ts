import { base64, header, type Scheme, sha256, textKey } from './scheme.js';

// The characters that HubSpot signs decoded: https://developers.hubspot.com/docs/api/webhooks/validating-requests
const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** HubSpot's v3 signature. v1 and v2 are plain hashes that anyone can make, and are not looked at. */
export const hubspot: Scheme = {
  algorithm: sha256,
  keyBytes: textKey,
  signatureHeaders: () => ['x-hubspot-signature-v3', 'x-hubspot-signature'],
  read(delivery) {
    const time = header(delivery, 'x-hubspot-request-timestamp') ?? '';
    const signature = base64(header(delivery, 'x-hubspot-signature-v3') ?? undefined);
    if (!/^\d{1,15}$/.test(time) || signature === null) return null;
    const uri = delivery.url.replace(/%[0-9A-Fa-f]{2}/g, (code) => decoded[code.toUpperCase()] ?? code);
    return {
      content: [`${delivery.method}${uri}`, delivery.body, time],
      signatures: [signature],
      timestamp: Number(time),
      messageId: null,
    };
  },
  /** A delivery holds a list of events; tried again, it holds the same ones. */
  idInBody(body) {
    if (!Array.isArray(body)) return null;
    const ids = body.map((event: unknown) =>
      typeof event === 'object' && event !== null && 'eventId' in event ? String(event.eventId) : '',
    );
    return ids.length === 0 || ids.includes('') ? null : ids.join(',').slice(0, 256);
  },
};
