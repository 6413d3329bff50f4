import { readFileSync } from 'node:fs';

/** Resident memory of a process in MiB; undefined where the system doesn't tell. */
export function rssMb({ pid }) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return undefined;
  }
}
