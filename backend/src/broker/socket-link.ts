import { connect, type Socket } from 'node:net';
import { encodeFrames, FrameReader } from './frames.js';
import type { Dial, Link, LinkEvents } from './link.js';
import type { Demand } from './messages.js';

/** Carries items over a stream, as frames. Both sides use it. */
export function linkOver<Item>(socket: Socket, { receive, lost }: LinkEvents): Link<Item> {
  const reader = new FrameReader();
  let reason = 'the other side hung up';
  const close = (why: string) => {
    reason = why;
    socket.destroy();
  };
  socket.on('data', (chunk) => {
    try {
      const items = reader.read(chunk);
      if (items.length > 0) receive(items);
    } catch (error) {
      close(`what came in can't be read: ${error instanceof Error ? error.message : 'no frame'}`);
    }
  });
  socket.on('error', (error) => {
    reason = error.message;
  });
  socket.once('close', () => lost(reason));
  return { send: (items) => void socket.write(encodeFrames(items)), close };
}

/** Calls the broker that listens at `path`. */
export function dialSocket(path: string): Dial<Demand> {
  return (events) => linkOver(connect(path), events);
}
