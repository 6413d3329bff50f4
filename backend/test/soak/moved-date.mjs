import { readFileSync } from 'node:fs';

/*
 * Loaded before the product with `--import moved-date.mjs?file=PATH`: its clock is ahead by the milliseconds that the file
 * says, in all of its threads. PostgreSQL, the broker and timers keep their own.
 */
const path = new URL(import.meta.url).searchParams.get('file');
const Machine = Date;
let ahead = 0;
setInterval(() => (ahead = Number(readFileSync(path, 'utf8'))), 100).unref();
const now = () => Machine.now() + ahead;
globalThis.Date = new Proxy(Machine, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
