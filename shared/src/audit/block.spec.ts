import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { auditBlockSchema, findLinkProblem, findRootProblem, noPreviousHash, sealBlock } from './block.js';
import { type Sha256, utf8 } from './hash.js';
import { leafHash } from './merkle.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const leaves = ['a', 'b', 'c'].map((body) => leafHash(utf8(body), sha256));
const first = sealBlock({ lane: '0', n: 0, prev: noPreviousHash }, leaves, sha256);
const second = sealBlock({ lane: '0', n: 1, prev: first.hash }, leaves.slice(1), sha256);

describe('a block', () => {
  test('has the hash that anyone can compute from its text', () => {
    const text = `{"count":3,"lane":"0","n":0,"prev":"${'0'.repeat(64)}","root":"${first.root}"}`;
    expect(first.hash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(first.root).toBe('36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1');
    expect(auditBlockSchema.parse(first)).toEqual(first);
  });

  test('is never sealed over nothing', () => {
    expect(() => sealBlock({ lane: '0', n: 0, prev: noPreviousHash }, [], sha256)).toThrow(RangeError);
  });

  test('links to the one before it, or stands first', () => {
    expect(findLinkProblem({ block: first, previous: undefined }, sha256)).toBeUndefined();
    expect(findLinkProblem({ block: second, previous: first }, sha256)).toBeUndefined();
    expect(findLinkProblem({ block: second, previous: undefined }, sha256)).toBeUndefined();
  });

  test('with another number, previous hash or content is no link', () => {
    const gap = sealBlock({ ...second, n: 2 }, leaves, sha256);
    const orphan = sealBlock({ ...second, prev: second.hash }, leaves, sha256);
    const rooted = sealBlock({ ...first, prev: second.hash }, leaves, sha256);
    expect(findLinkProblem({ block: gap, previous: first }, sha256)).toContain('where block 1 belongs');
    expect(findLinkProblem({ block: orphan, previous: first }, sha256)).toContain('does not continue block 0');
    expect(findLinkProblem({ block: rooted, previous: undefined }, sha256)).toContain('names a block before it');
    expect(findLinkProblem({ block: { ...second, count: 3 }, previous: first }, sha256)).toContain('was changed');
    expect(findLinkProblem({ block: { ...second, lane: '1' }, previous: first }, sha256)).toContain('was changed');
  });

  test('holds its entries in their order', () => {
    expect(findRootProblem({ block: first, leaves }, sha256)).toBeUndefined();
    expect(findRootProblem({ block: first, leaves: leaves.toReversed() }, sha256)).toContain('root');
    expect(findRootProblem({ block: first, leaves: leaves.slice(1) }, sha256)).toContain('2 entries');
  });
});
