import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';

const types = { A: 1, AAAA: 28 } as const;

export interface DnsStandIn {
  /** Asks this server alone, for A and AAAA, and keeps nothing. */
  lookup(host: string): Promise<readonly string[]>;
  /** Names that were asked for, once for each record type. */
  asked: readonly string[];
  /** Answers of the next look-ups of a name, one list each; the last one stays. */
  answer(name: string, ...lists: (readonly string[])[]): void;
  close(): void;
}

/** A name server on UDP (RFC 1035) whose answers have a time to live of 0, as whoever rebinds a name would run. */
export async function openDnsStandIn(): Promise<DnsStandIn> {
  const answers = new Map<string, (readonly string[])[]>();
  const asked: string[] = [];
  const given = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    asked.push(name);
    const lists = answers.get(name) ?? [];
    const turn = given.get(`${name} ${type}`) ?? 0;
    given.set(`${name} ${type}`, turn + 1);
    const list = lists[Math.min(turn, lists.length - 1)] ?? [];
    const wanted = list.filter((one) => type === (one.includes(':') ? types.AAAA : types.A));
    socket.send(
      writeAnswer(query.subarray(0, end), { type, addresses: wanted, isKnown: lists.length > 0 }),
      port,
      address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  const none = () => [];
  return {
    async lookup(host) {
      const all = await Promise.all([resolver.resolve4(host).catch(none), resolver.resolve6(host).catch(none)]);
      return all.flat();
    },
    asked,
    answer(name, ...lists) {
      answers.set(name, lists);
      for (const type of Object.values(types)) given.delete(`${name} ${type}`);
    },
    close: () => socket.close(),
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function writeAnswer(
  question: Buffer,
  { type, addresses, isKnown }: { type: number; addresses: readonly string[]; isKnown: boolean },
): Buffer {
  const head = Buffer.from(question);
  // An answer, authoritative; 3 says that there is no such name.
  head.writeUInt16BE(0x8400 | (isKnown ? 0 : 3), 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const bytes = Buffer.from(type === types.A ? address.split('.').map(Number) : bytesOfIpv6(address));
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

function bytesOfIpv6(address: string): number[] {
  const [left = '', right = ''] = address.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const before = words(left);
  const after = words(right);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap((word) => [word >> 8, word & 255]);
}
