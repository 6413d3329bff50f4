import { FileBody, type FormBody } from '@sluice/shared/connector';
import { newSecret } from '../../platform/ids.js';
import { refused } from '../refusal.js';
import type { FileTicket, Pieces } from './file-ticket.js';

/** A body with files as pieces that the broker streams. Throws CallEnded for a file that has no ticket. */
export function piecesOf(
  body: FileBody | FormBody,
  files: ReadonlyMap<string, FileTicket>,
): { contentType: string; pieces: Pieces } {
  if (body instanceof FileBody)
    return { contentType: body.file.type, pieces: [{ file: ticketOf(files, body.file.file) }] };
  const boundary = `sluice-${newSecret(16)}`;
  const pieces: Pieces = [];
  for (const { name, value } of body.parts) {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`;
    if (typeof value === 'string') pieces.push({ text: `${head}\r\n\r\n${value}\r\n` });
    else
      pieces.push(
        { text: `${head}; filename="${quoted(value.name)}"\r\ncontent-type: ${value.type}\r\n\r\n` },
        { file: ticketOf(files, value.file) },
        { text: '\r\n' },
      );
  }
  pieces.push({ text: `--${boundary}--\r\n` });
  return { contentType: `multipart/form-data; boundary=${boundary}`, pieces };
}

/** As browsers write it (HTML, "multipart/form-data encoding algorithm"): nothing in a name ends its line or its quotes. */
function quoted(name: string): string {
  return name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22');
}

/** Throws CallEnded for a file that has no ticket. */
export function ticketOf(files: ReadonlyMap<string, FileTicket>, file: string): FileTicket {
  const ticket = files.get(file);
  if (ticket === undefined) throw refused('broker.bad_request', 'The body names a file that was not handed over.');
  return ticket;
}
