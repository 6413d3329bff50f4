import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const verifier = fileURLToPath(new URL('../../shared/verify/', import.meta.url));

export interface Outsider {
  /** A fresh folder. */
  folder: string;
  check(content: string, args: readonly string[]): Promise<{ code: number; said: string }>;
  /** What it says of a file that holds; rejects with what it says of one that does not. */
  verified(content: string, args: readonly string[]): Promise<string>;
}

/** Somebody with plain Node, the verifier and nothing else. */
export async function outsider(): Promise<Outsider> {
  const folder = await mkdtemp(join(tmpdir(), 'outsider-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(verifier, join(folder, 'verify'), { recursive: true });
  const eve: Outsider = {
    folder,
    async check(content, args) {
      await writeFile(join(folder, 'file'), content);
      const command = [join(folder, 'verify', 'sluice-verify.mjs'), join(folder, 'file'), ...args];
      return await new Promise((resolve) => {
        execFile(process.execPath, command, { cwd: folder, env: {} }, (error, out, err) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, said: out + err });
        });
      });
    },
    async verified(content, args) {
      const { code, said } = await eve.check(content, args);
      if (code !== 0) throw new Error(`sluice-verify ended with ${code}: ${said}`);
      return said;
    },
  };
  return eve;
}
