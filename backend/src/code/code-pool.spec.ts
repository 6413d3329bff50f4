import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '@sluice/shared/lib';
import { CodePool } from './code-pool.js';

const pool = new CodePool();
afterAll(() => pool.close());

const run = (source: string, input: Json = null) => pool.run({ source, input });

async function valueOf(source: string, input: Json = null): Promise<unknown> {
  const result = await run(source, input);
  if (!result.ok) throw new Error(result.error.message);
  return JSON.parse(result.json);
}

async function errorOf(source: string, input: Json = null) {
  const result = await run(source, input);
  if (result.ok) throw new Error(`It returned ${result.json.slice(0, 200)}`);
  return result.error;
}

describe('a code step', () => {
  it('reads its input and returns JSON', async () => {
    const source =
      'const sum = input.lines.reduce((all, { price }) => all + price, 0);\nreturn { sum, name: input.name };';
    expect(await valueOf(source, { name: 'Zoë 🦊', lines: [{ price: 2 }, { price: 3 }] })).toEqual({
      sum: 5,
      name: 'Zoë 🦊',
    });
  });

  it('returns null when it returns nothing', async () => {
    expect(await run('input.a = 1;', {})).toEqual({ ok: true, json: 'null', logs: [] });
    expect(await valueOf('// only a comment')).toBeNull();
  });

  it('keeps 20 lines of 500 characters of what it logs', async () => {
    const { logs } = await run(
      "console.log('got', input, 1n); console.error('y'.repeat(600)); for (let n = 0; n < 50; n++) console.log(n);",
      { a: 1 },
    );
    expect(logs).toHaveLength(20);
    expect(logs[0]).toBe('got {"a":1} 1');
    expect(logs[1]).toBe('y'.repeat(500));
    expect(logs[19]).toBe('17');
  });

  it('keeps what it logged before it failed', async () => {
    const result = await run("console.log('so far'); throw new Error('no further');");
    expect(result).toEqual({
      ok: false,
      error: { code: 'code.failed', message: 'The code failed on line 1: no further.' },
      logs: ['so far'],
    });
  });

  it.each([
    [
      'return input.customer.name;',
      /^The code failed on line 1: TypeError: cannot read property 'name' of undefined\.$/,
    ],
    ['const a = 1;\n\nfunction f() {\n  return a.b.c;\n}\nreturn f();', /on line 4: TypeError/],
    ['const a = 1;\nconst a = 2;', /on line 2: SyntaxError/],
    ['if (input) {\nreturn 1;', /on line 2: SyntaxError/],
    ['undeclared = 1;', /on line 1: ReferenceError/],
    ["throw 'plain words'", /^The code failed: plain words\.$/],
    ["throw new Error('line\\nbreak\\u0000')", /: line break\.$/],
    ['throw null', /^The code failed: it threw null\.$/],
    ['throw { get message() { throw this } }', /^The code failed/],
    ['(() => {}).caller.x', /^The code failed/],
  ])('says where %j failed', async (source, message) => {
    const error = await errorOf(source, {});
    expect(error).toEqual({ code: 'code.failed', message: expect.stringMatching(message) });
  });

  it.each([
    ['return () => 1', /it returned a function\./],
    ['return 10n', /BigInt/i],
    ['const a = {}; a.a = a; return a;', /circular/],
    ['return Promise.resolve(1)', /it returned a promise/],
    ['return Symbol("a")', /it returned a symbol\./],
    ["return { toJSON() { throw new Error('mine'); } }", /mine\./],
  ])('refuses what is no JSON: %j', async (source, message) => {
    expect(await errorOf(source)).toEqual({ code: 'code.output_invalid', message: expect.stringMatching(message) });
  });

  it('refuses more than 1 MiB', async () => {
    expect((await errorOf("return 'é'.repeat(600_000)")).code).toBe('code.too_large');
    expect(await valueOf("return 'e'.repeat(600_000)")).toHaveLength(600_000);
  });
});

describe('a bomb', { timeout: 30_000 }, () => {
  it.each([
    ['an endless loop', 'for (;;);', /timeout/],
    ['an endless loop that catches everything', 'try { for (;;); } catch {} finally { for (;;); }', /timeout/],
    ['an endless getter of its error', 'throw { get message() { for (;;); } }', /timeout/],
    ['an endless toJSON', 'return { toJSON() { for (;;); } }', /timeout/],
    ['a backtracking pattern', "return /^(a+)+$/.test('a'.repeat(40) + 'b')", /timeout/],
    // One native call that never yields: only killing the thread ends it.
    ['a join of four billion', "return new Array(2 ** 32 - 1).join('x')", /timeout/],
    ['waiting on shared memory', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)', /./],
    ['strings that double', "let s = 'x'; for (;;) s += s;", /memory/],
    ['strings that gather', "const all = []; for (;;) all.push('x'.repeat(1e5) + all.length);", /memory|timeout/],
    ['typed arrays', 'const all = []; for (;;) all.push(new Uint8Array(1e6));', /memory|timeout/],
    ['one large typed array', 'return new Uint8Array(4e7).length', /memory/],
    ['shared memory', 'return new SharedArrayBuffer(4e7).byteLength', /./],
    ['padding to 200 million', "return 'x'.padEnd(2e8)", /memory/],
    [
      'a join of two arrays of five million',
      "const a = new Array(5e6).fill('x'), b = new Array(5e6).fill('y'); return a.join() + b.join();",
      /memory|timeout/,
    ],
    ['endless recursion', 'function f() { return f() + 1; } return f();', /failed/],
    ['brackets nested without end', "return JSON.parse('['.repeat(1e5))", /failed/],
    ['source nested without end', "return eval('['.repeat(1e5))", /failed/],
    [
      'a proxy that is its own prototype',
      'const p = new Proxy({}, { getPrototypeOf: () => p }); return p instanceof Array;',
      /./,
    ],
  ])('%s', async (_name, source, code) => {
    const error = await errorOf(source);
    expect(error.message).toMatch(/^The code .*[.…]$/);
    expect(error.code).toMatch(code);
    // The next job doesn't notice.
    expect(await valueOf('return input + 1', 1)).toBe(2);
  });
});

describe('F3: code-step sandbox escape', () => {
  it('finds nothing of the host by way of constructors', async () => {
    const names = [
      'process',
      'require',
      'module',
      'fetch',
      'setTimeout',
      'WebAssembly',
      'Worker',
      'Deno',
      'Buffer',
      'performance',
    ];
    const source = `const F = (() => {}).constructor.constructor;
      return input.filter((name) => F('return typeof ' + name)() !== 'undefined' || typeof console.log.constructor('return this')()[name] !== 'undefined');`;
    expect(await valueOf(source, names)).toEqual([]);
  });

  it('imports no module', async () => {
    expect(await valueOf("let m = 'none'; import('node:fs').then(() => (m = 'fs')); return m;")).toBe('none');
    expect((await errorOf("import fs from 'node:fs'; return fs;")).code).toBe('code.failed');
    expect((await errorOf("return require('node:fs')")).message).toMatch(/require is not defined/);
  });

  it('walks no stack out of the sandbox', async () => {
    const source = `Error.prepareStackTrace = (error, frames) => frames.map((frame) => String(frame.getThis?.()));
      try { null.x } catch (error) { return String(error.stack); }`;
    expect(await valueOf(source)).not.toMatch(/node:|file:|\/backend\//);
  });

  it('shares nothing between two runs', async () => {
    const poison = `globalThis.left = 'behind'; Object.prototype.left = 'behind'; Array.prototype.map = () => 'mine';
      JSON.parse = JSON.stringify = () => '"mine"'; console.log = null; Object.freeze(globalThis); return 1;`;
    for (let times = 0; times < 4; times += 1) expect(await valueOf(poison)).toBe(1);
    for (let times = 0; times < 4; times += 1) {
      const source = "console.log('fine'); return [typeof left, ({}).left === undefined, [1].map((n) => n), input];";
      expect(await valueOf(source, { a: 1 })).toEqual(['undefined', true, [1], { a: 1 }]);
    }
  });

  it('leaves the prototypes of the host as they are', async () => {
    await run(
      'Object.prototype.polluted = 1; input.__proto__.polluted = 2; return JSON.parse(\'{"__proto__":{"polluted":3}}\')',
      {},
    );
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('takes __proto__ for data', async () => {
    const result = await pool.run({
      source: 'return { ...input, own: Object.keys(input), admin: input.admin === undefined };',
      input: JSON.parse('{"__proto__":{"admin":true},"constructor":1}'),
    });
    expect(result.ok && result.json).toBe(
      '{"__proto__":{"admin":true},"constructor":1,"own":["__proto__","constructor"],"admin":true}',
    );
  });

  it('has no clock and no randomness, and says so', async () => {
    expect((await errorOf('return Date.now()')).message).toMatch(/no clock: map the time into its input\.$/);
    expect((await errorOf('return new Date()')).message).toMatch(/no clock/);
    expect((await errorOf('return Math.random()')).message).toMatch(/on line 1: a code step has no randomness/);
    expect(await valueOf("return new Date('2026-03-29T02:30:00').toISOString()")).toBe('2026-03-29T02:30:00.000Z');
  });

  it('sees no environment variable', async () => {
    expect(await valueOf('return Object.keys(globalThis).filter((name) => /env|argv|proc/i.test(name))')).toEqual([]);
  });

  it('may close the function around it, and gains nothing', async () => {
    const error = await errorOf('}), globalThis.process.exit(1), (function () { return 1;');
    expect(error.code).toBe('code.failed');
  });
});

describe('the pool', { timeout: 30_000 }, () => {
  it('runs many at once, in their own order or another', async () => {
    const values = await Promise.all(Array.from({ length: 40 }, (_, n) => valueOf('return input * 2', n)));
    expect(values).toEqual(Array.from({ length: 40 }, (_, n) => n * 2));
  });

  it('refuses when too many wait, and runs those that do', async () => {
    const small = new CodePool();
    const results = await Promise.all(Array.from({ length: 70 }, () => small.run({ source: 'return 1', input: null })));
    expect(results.filter((result) => !result.ok && result.error.code === 'code.busy')).toHaveLength(4);
    expect(results.filter(({ ok }) => ok)).toHaveLength(66);
    await small.close();
  });

  it('stops what runs and what waits when it is taken back', async () => {
    const abort = new AbortController();
    const stopped = Array.from({ length: 5 }, () =>
      pool.run({ source: 'for (;;);', input: null, signal: abort.signal }),
    );
    const other = valueOf('return 1');
    abort.abort();
    for (const result of await Promise.all(stopped)) expect(result).toMatchObject({ error: { code: 'code.stopped' } });
    expect(await other).toBe(1);
    expect(await pool.run({ source: 'return 1', input: null, signal: abort.signal })).toMatchObject({ ok: false });
  });

  it('starts no thread before there is work, no more than two, and ends all of them', async () => {
    const threads: Worker[] = [];
    const note = (worker: Worker) => threads.push(worker);
    process.on('worker', note);
    const own = new CodePool();
    expect(threads).toHaveLength(0);
    const endless = own.run({ source: 'for (;;);', input: null });
    for (let times = 0; times < 5; times += 1) await own.run({ source: 'return 1', input: null });
    expect(threads).toHaveLength(2);
    const gone = Promise.all(threads.map((thread) => once(thread, 'exit')));
    await own.close();
    await gone;
    process.off('worker', note);
    expect(await endless).toMatchObject({ ok: false });
    expect(await own.run({ source: 'return 1', input: null })).toMatchObject({ error: { code: 'code.stopped' } });
  });
});
