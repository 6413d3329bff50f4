import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HttpLogLine, type LogLineOptions, SyslogLine } from '../../../broker/log-lines.js';
import type { Siem } from '../../../platform/tokens.js';
import { cefEvent } from './cef.js';
import { cefCheckpoint, ecsCheckpoint, ocsfCheckpoint, type SiemRecord } from './checkpoint-event.js';
import { ecsEvent } from './ecs.js';
import type { LogEvent } from './log-event.js';
import { ocsfEvent } from './ocsf.js';
import { syslogMessage } from './syslog.js';

/** The one in force; null for none. */
export const siemSink = Symbol('siemSink');

/** Who takes the log as well. */
export interface SiemSink {
  /** What its cursor goes by: another address or form begins anew. */
  name: string;
  /** Settles once the receiver has them; rejects otherwise. */
  send(events: readonly SiemRecord[]): Promise<void>;
  close(): Promise<void>;
}

const defaultSyslogPort = 6514;

/** `product` is what the events say they come from. */
export function openSink(
  { url, format, token, allowPrivateHosts }: Siem,
  product: { version: string; origin: string },
  line: Omit<LogLineOptions, 'allowPrivateHosts'>,
): SiemSink {
  const options = { ...line, allowPrivateHosts };
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const texts = { ocsf: ocsfText, ecs: ecsText, cef: cefEvent };
  const checkpoints = { ocsf: ocsfCheckpoint, ecs: ecsCheckpoint, cef: cefCheckpoint };
  const write = (event: SiemRecord) => {
    if ('entry' in event) return texts[format](event, product);
    const said = checkpoints[format](event, product);
    return typeof said === 'string' ? said : JSON.stringify(said);
  };
  const name = `${format} ${protocol}//${host}${pathname}`;
  if (protocol === 'file:') return fileSink(name, { path: fileURLToPath(url), write });
  if (protocol === 'https:') return httpSink(name, { url, token, write, isJson: format !== 'cef', options });
  const place = { host: hostname, port: Number(port) || defaultSyslogPort, isTls: true };
  const syslog = new SyslogLine(place, options);
  return {
    name,
    send: async (events) =>
      await syslog.send(events.map((event) => syslogMessage(event, write(event), product.origin))),
    close: async () => await syslog.close(),
  };
}

function httpSink(
  name: string,
  given: {
    url: string;
    token: KeyObject | null;
    write: (event: SiemRecord) => string;
    isJson: boolean;
    options: LogLineOptions;
  },
): SiemSink {
  const { url, token, write, isJson, options } = given;
  const line = new HttpLogLine(options);
  const type = isJson ? 'application/x-ndjson' : 'text/plain; charset=utf-8';
  return {
    name,
    async send(events) {
      const body = events.map((event) => `${write(event)}\n`).join('');
      const { status } = await line.post(url, { headers: { 'content-type': type }, body, token });
      if (status < 200 || status > 299) throw new Error(`The receiver of the log answered ${status}.`);
    },
    close: async () => await line.close(),
  };
}

function fileSink(name: string, { path, write }: { path: string; write: (event: SiemRecord) => string }): SiemSink {
  return {
    name,
    /** On the disk, in a file that may be rotated by renaming it. */
    async send(events) {
      const file = await open(path, 'a', 0o640);
      try {
        await file.appendFile(events.map((event) => `${write(event)}\n`).join(''));
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    close: async () => undefined,
  };
}

function ocsfText(event: LogEvent, product: { version: string; origin: string }): string {
  return JSON.stringify(ocsfEvent(event, product));
}

function ecsText(event: LogEvent, product: { version: string; origin: string }): string {
  return JSON.stringify(ecsEvent(event, product));
}
