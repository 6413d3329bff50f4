import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const shared = (room: string) => fileURLToPath(new URL(`./shared/src/${room}/index.ts`, import.meta.url));

/**
 * Tests run on the sources: no build step stands between an edit and its test. Where files are not isolated from each
 * other a worker reads the product once and not for each of them: half of the time of the database's, a third of the backend's.
 */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: {
    alias: Object.fromEntries(
      ['flow', 'connector', 'openapi', 'api', 'audit', 'lib'].map((room) => [`@sluice/shared/${room}`, shared(room)]),
    ),
  },
  test: {
    // Nothing here is about time: a busy machine is no failure.
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'shared', include: ['shared/{src,verify}/**/*.spec.ts'], isolate: false } },
      {
        extends: true,
        test: {
          name: 'backend',
          include: ['backend/{src,test}/**/*.spec.ts'],
          exclude: ['**/*.db.spec.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['backend/{src,test}/**/*.db.spec.ts'],
          globalSetup: ['backend/test/postgres.setup.ts'],
          setupFiles: ['backend/test/one-connection.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait for PostgreSQL, for leases and for processes more than they compute.
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/journeys/**/*.e2e.ts'],
          globalSetup: ['e2e/fixtures/installation.setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Two at a time are no gain: with the other parts beside them they keep both cores busy.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'frontend',
          include: ['frontend/src/**/*.spec.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['frontend/test/setup.ts'],
          // A busy machine draws the editor in ten seconds and more.
          testTimeout: 60_000,
        },
      },
    ],
  },
});
