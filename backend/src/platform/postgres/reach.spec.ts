import { describe, expect, it } from 'vitest';
import { mayEnter } from './reach.js';

const postgres = { uid: 101, gid: 104 };

describe('mayEnter', () => {
  it.each([
    ['open to all', { mode: 0o755, uid: 0, gid: 0 }, true],
    ['closed to others', { mode: 0o700, uid: 0, gid: 0 }, false],
    ['readable by others, but not to be walked through', { mode: 0o744, uid: 0, gid: 0 }, false],
    ['open to its group, which is ours', { mode: 0o710, uid: 0, gid: 104 }, true],
    ['our own, and open to us', { mode: 0o700, uid: 101, gid: 0 }, true],
    ['our own, and closed to us only', { mode: 0o077, uid: 101, gid: 0 }, false],
  ])('%s', (_, entry, expected) => {
    expect(mayEnter(entry, postgres)).toBe(expected);
  });
});
