import type { SiemRecord } from './checkpoint-event.js';
import { isAlert } from './log-event.js';

/** Facility 13: log audit. Severity 1: alert, 6: informational. */
const facility = 13;

/** A message of RFC 5424 around a text. `host` is the name of this installation. */
export function syslogMessage(event: SiemRecord, text: string, host: string): string {
  const [severity, at] =
    'entry' in event ? [isAlert(event.entry) ? 1 : 6, event.entry.at] : [6, event.at.toISOString()];
  const name = host.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';
  // A byte order mark says that the text is UTF-8.
  return `<${facility * 8 + severity}>1 ${at} ${name} sluice - audit - \ufeff${text}`;
}
