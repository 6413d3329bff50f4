import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrames, FrameReader } from './frames.js';

describe('frames', () => {
  it('arrive whole and in order, however the stream is cut', () => {
    const cut = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), cut, (items, sizes) => {
        const stream = encodeFrames(items);
        const reader = new FrameReader();
        const read: unknown[] = [];
        for (let at = 0, n = 0; at < stream.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          read.push(...reader.read(stream.subarray(at, at + size)));
          at += size;
        }
        expect(JSON.stringify(read)).toBe(JSON.stringify(items));
      }),
    );
  });

  it('larger than any honest one are refused by their head alone', () => {
    expect(() => new FrameReader().read(Buffer.from('ffffffff', 'hex'))).toThrow('a frame of 4294967295 bytes');
  });

  it('that hold no JSON are refused', () => {
    expect(() => new FrameReader().read(Buffer.from('000000027b5d', 'hex'))).toThrow(SyntaxError);
  });
});
