import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './process.mjs';

/** Content hash of files and folders of the repository; what does not exist counts as absent. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) add(hash, path);
  return hash.digest('hex');
}

function add(hash, path) {
  const full = join(root, path);
  const entry = statSync(full, { throwIfNoEntry: false });
  if (entry === undefined) return;
  if (entry.isDirectory()) {
    for (const name of readdirSync(full).sort()) add(hash, join(path, name));
    return;
  }
  hash.update(`${path}\0${entry.size}\0`).update(readFileSync(full));
}

/** A stamp lies in node_modules, so a fresh installation forgets it. */
function fileOf(name) {
  return join(root, 'node_modules', '.cache', 'sluice', name);
}

export function hasStamp(name, value) {
  const file = fileOf(name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

export function writeStamp(name, value) {
  const file = fileOf(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
