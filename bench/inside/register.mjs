import { registerHooks } from 'node:module';

// Loaded before the product: wherever it would start its broker as a child, it gets one in its own process instead.
const instead = new URL('./child-link.mjs', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url.endsWith('/backend/dist/broker/child-link.js') ? { ...found, url: instead } : found;
  },
});
