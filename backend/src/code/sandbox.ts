import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { Intrinsics, JSException, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import type { CodeLimits } from './limits.js';

// What a worker thread runs. It loads packages only and no file of ours, so that the source runs as it is under test.

export interface SandboxJob {
  source: string;
  /** JSON. */
  input: string;
}

/** What came of it, in the machine's words. */
export type SandboxEnd =
  | { kind: 'returned'; json: string }
  | { kind: 'threw'; name: string; message: string; stack: string }
  | { kind: 'not-json'; message: string }
  | { kind: 'too-large' | 'timeout' | 'memory' };

export interface SandboxReply {
  end: SandboxEnd;
  /** What the code wrote to its console. */
  logs: string[];
}

/** The user's file in a stack. */
const fileName = 'code';
const badDescriptor = 8;

/** Takes what user code may replace later; what isn't there says so instead of answering nonsense. */
const prelude = `(function (print) {
  const { parse, stringify } = JSON;
  const text = (value) => {
    if (typeof value === 'string') return value;
    try { return stringify(value) ?? String(value); } catch { return String(value); }
  };
  const log = (...values) => print(values.map(text).join(' '));
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  Math.random = () => { throw new Error('a code step has no randomness: map what it needs into its input'); };
  delete globalThis.queueMicrotask;
  return { parse, stringify };
})`;

/** Runs the source as a function's body, in a machine of its own that nothing else ever sees. */
async function run(
  module: WebAssembly.Module,
  { source, input }: SandboxJob,
  limits: CodeLimits,
): Promise<SandboxReply> {
  const logs: string[] = [];
  const until = performance.now() + limits.milliseconds;
  let isOver = false;
  let isMade = false;
  const vm = await QuickJS.create({
    wasm: module,
    memoryLimit: limits.memoryBytes,
    maxStackSize: 256 * 1024,
    timezoneOffset: 0,
    intrinsics: Intrinsics.ALL & ~Intrinsics.WEAK_REF & ~Intrinsics.PERFORMANCE,
    interruptHandler: () => (isOver = performance.now() > until),
    wasi: (memory: WebAssembly.Memory) => ({
      // The engine asks for the time once, to seed what the prelude takes away. Later it is the user's code that asks.
      clock_time_get(_clock: number, _precision: bigint, at: number) {
        if (isMade) throw new Error('a code step has no clock: map the time into its input');
        new DataView(memory.buffer).setBigUint64(at, 0n, true);
        return 0;
      },
      fd_write: () => badDescriptor,
    }),
  });
  isMade = true;
  try {
    return { end: evaluate(), logs };
  } catch (error) {
    return { end: describe(error, isOver), logs };
  } finally {
    dispose(vm);
  }

  function evaluate(): SandboxEnd {
    const print = vm.newFunction('print', (line) => {
      if (logs.length < limits.logLines) logs.push(line?.toString().slice(0, limits.logCharacters) ?? '');
      return vm.undefined;
    });
    const tools = vm.callFunction(vm.evalCode(prelude, 'prelude'), vm.undefined, print);
    const stringify = tools.getProp('stringify');
    const given = vm.callFunction(tools.getProp('parse'), vm.undefined, vm.newString(input));
    // On one line, so that the user's first line is the second.
    const body = vm.evalCode(`(function (input) { 'use strict';\n${source}\n})`, fileName);
    const result = vm.callFunction(body, vm.undefined, given);
    if (result.isUndefined) return { kind: 'returned', json: 'null' };
    if (result.isPromise) {
      return { kind: 'not-json', message: 'it returned a promise, and there is nothing to wait for in a code step' };
    }
    const json = toJson(stringify, result);
    if (typeof json !== 'string') return json;
    return Buffer.byteLength(json) > limits.outputBytes ? { kind: 'too-large' } : { kind: 'returned', json };
  }

  function toJson(stringify: JSValueHandle, result: JSValueHandle): string | SandboxEnd {
    try {
      const json = vm.callFunction(stringify, vm.undefined, result);
      return json.isString ? json.toString() : { kind: 'not-json', message: `it returned a ${result.typeof}` };
    } catch (error) {
      const end = describe(error, isOver);
      return end.kind === 'threw' ? { kind: 'not-json', message: end.message } : end;
    }
  }
}

function describe(error: unknown, isOver: boolean): SandboxEnd {
  if (isOver) return { kind: 'timeout' };
  if (!(error instanceof Error)) return { kind: 'threw', name: 'Error', message: String(error), stack: '' };
  const { name, message, stack } = error;
  const isFull = name === 'InternalError' && /^(out of memory|string too long)$/.test(message);
  if (isFull || message === 'wasm_malloc failed') return { kind: 'memory' };
  // A stack of this thread says nothing about the user's lines.
  if (!(error instanceof JSException)) return { kind: 'threw', name, message, stack: '' };
  if (error.handle.isNull || error.handle.isUndefined) {
    return {
      kind: 'threw',
      name: 'Error',
      message: `it threw ${error.handle.isNull ? 'null' : 'undefined'}`,
      stack: '',
    };
  }
  return { kind: 'threw', name, message, stack: stack ?? '' };
}

/** What broke inside may break once more on the way out; nobody uses it again. */
function dispose(vm: QuickJS): void {
  try {
    vm.dispose();
  } catch {
    return;
  }
}

const port = parentPort;
if (port !== null) {
  // As the pool sends it: both ends are of one build.
  const limits = workerData as CodeLimits;
  const file = fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'));
  const module = await WebAssembly.compile(await readFile(file));
  port.on('message', (job: SandboxJob) => void run(module, job, limits).then((reply) => port.postMessage(reply)));
  port.postMessage('ready');
}
