import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const shared = (room: string) => fileURLToPath(new URL(`../shared/src/${room}/index.ts`, import.meta.url));

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
    port: 5173,
    proxy: {
      '/api': 'http://127.0.0.1:3000',
      '/hooks': 'http://127.0.0.1:3000',
    },
  },
});
