import { SealBroken } from './gcm.js';

/** A wrapped data key and what it encrypts. `version` is that of the key which wraps. */
export interface Envelope {
  version: number;
  dataKey: Buffer;
  value: Buffer;
}

/** `v<version>.<data key>.<value>`, the parts in base64url. */
export function toText({ version, dataKey, value }: Envelope): string {
  return `v${version}.${dataKey.toString('base64url')}.${value.toString('base64url')}`;
}

/** Throws SealBroken. */
export function fromText(text: string): Envelope {
  const match = /^v([1-9]\d{0,8})\.([\w-]+)\.([\w-]+)$/.exec(text);
  if (match === null) throw new SealBroken();
  const [, version = '', dataKey = '', value = ''] = match;
  return {
    version: Number(version),
    dataKey: Buffer.from(dataKey, 'base64url'),
    value: Buffer.from(value, 'base64url'),
  };
}

/** Before a version of four bytes. Values without it were sealed before each had a data key. */
const mark = Buffer.from([0x53, 0x4c, 0x43, 0x02]);
const headBytes = mark.length + 4;
/** Nonce, key and tag. */
const dataKeyBytes = 12 + 32 + 16;

/** What each value of that version begins with. */
function headOf(version: number): Buffer {
  const head = Buffer.alloc(headBytes);
  mark.copy(head);
  head.writeUInt32BE(version, mark.length);
  return head;
}

/** The head, the data key and the value. */
export function toBytes({ version, dataKey, value }: Envelope): Buffer {
  return Buffer.concat([headOf(version), dataKey, value]);
}

/** Null for a value that has no data key of its own. */
export function fromBytes(bytes: Buffer): Envelope | null {
  if (bytes.length < headBytes + dataKeyBytes || !bytes.subarray(0, mark.length).equals(mark)) return null;
  const end = headBytes + dataKeyBytes;
  return {
    version: bytes.readUInt32BE(mark.length),
    dataKey: bytes.subarray(headBytes, end),
    value: bytes.subarray(end),
  };
}
