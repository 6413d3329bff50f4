import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

const shared = (room: string) => fileURLToPath(new URL(`../shared/src/${room}/index.ts`, import.meta.url));

/** The server that `npm run dev` starts beside this. Its own pages are the only ones that may write, so Origin is set to it. */
const server = 'http://127.0.0.1:3000';
const asServer = { target: server, changeOrigin: true, headers: { origin: server } };

/** Puts a gzipped twin beside each script and style sheet, for the server to send, and refuses a build that weighs too much. */
function squeeze(): Plugin {
  return {
    name: 'squeeze',
    apply: 'build',
    // Not earlier: Vite writes the names of what to preload into the chunks last.
    async writeBundle({ dir = '' }, bundle) {
      const sizes = new Map<string, number>();
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const source = await promisify(gzip)(file.type === 'chunk' ? file.code : file.source, { level: 9 });
        sizes.set(file.fileName, source.byteLength);
        await writeFile(join(dir, `${file.fileName}.gz`), source);
      }
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const first = loadedWith(chunks, ({ isEntry }) => isEntry);
      const editor = loadedWith(chunks, ({ facadeModuleId }) => facadeModuleId?.endsWith('EditorPage.tsx') ?? false);
      // What a browser has to fetch before it can draw, in kB (1000 bytes) of gzipped JavaScript.
      for (const { what, files, limit } of [
        { what: 'The first load', files: first, limit: 300 },
        { what: 'The editor', files: editor.difference(first), limit: 350 },
      ]) {
        const weight = Math.round([...files].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0) / 1000);
        if (files.size === 0) this.error(`${what} was not found among the chunks: name its page in vite.config.ts.`);
        if (weight > limit) this.error(`${what} is ${weight} kB of gzipped JavaScript, of ${limit}: load some later.`);
        this.info(`${what}: ${weight} of ${limit} kB`);
      }
    },
  };
}

/** The names of a chunk and of all that it imports at once. */
function loadedWith(chunks: Rolldown.OutputChunk[], isStart: (chunk: Rolldown.OutputChunk) => boolean): Set<string> {
  const names = new Set(chunks.filter(isStart).map(({ fileName }) => fileName));
  for (const name of names)
    chunks.find(({ fileName }) => fileName === name)?.imports.forEach((each) => names.add(each));
  return names;
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), squeeze()],
  resolve: {
    alias: Object.fromEntries(
      ['flow', 'connector', 'openapi', 'api', 'audit', 'lib'].map((room) => [`@sluice/shared/${room}`, shared(room)]),
    ),
  },
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    // The page's policy allows no data: fonts or scripts, so nothing is inlined into the CSS.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file of libraries that stays the same from release to release, one of what every first screen needs.
          groups: [
            { name: 'libraries', test: /node_modules/, tags: ['$initial'] },
            { name: 'first', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': asServer,
      '/hooks': asServer,
    },
  },
});
