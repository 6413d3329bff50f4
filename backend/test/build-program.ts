import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = (room: string) => join(root, 'shared/src', room, 'index.ts');

/** A program among the sources as one file that plain Node runs. */
export interface BuiltProgram {
  file: string;
  remove(): Promise<void>;
}

/** `entry` is a path in the repository. */
export async function buildProgram(entry: string): Promise<BuiltProgram> {
  const name = basename(entry, '.ts');
  // Below the repository, so that its libraries are found.
  const outDir = join(root, '.cache', `${name}-${process.pid}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: Object.fromEntries(
        ['flow', 'connector', 'openapi', 'api', 'audit', 'lib'].map((room) => [`@sluice/shared/${room}`, shared(room)]),
      ),
    },
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    build: { ssr: join(root, entry), outDir, emptyOutDir: true, target: 'node24', minify: false },
  });
  return {
    file: join(outDir, `${name}.js`),
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
