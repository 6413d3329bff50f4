import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const shared = (room: string) => fileURLToPath(new URL(`../shared/src/${room}/index.ts`, import.meta.url));

/** The server that `npm run dev` starts beside this. Its own pages are the only ones that may write, so Origin is set to it. */
const server = 'http://127.0.0.1:3000';
const asServer = { target: server, changeOrigin: true, headers: { origin: server } };

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: {
    alias: Object.fromEntries(
      ['flow', 'connector', 'api', 'audit', 'lib'].map((room) => [`@sluice/shared/${room}`, shared(room)]),
    ),
  },
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    // The page's policy allows no data: fonts or scripts, so nothing is inlined into the CSS.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
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
