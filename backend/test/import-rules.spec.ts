import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * A checker that finds nothing may be a checker that looks at nothing. So each rule gets one file that breaks it, in a
 * tree of its own with the real configuration, and must be the one that reports it.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of the file, what is in it, and what the report must say. */
const breaches: readonly (readonly [path: string, source: string, report: RegExp])[] = [
  // Rooms.
  ['shared/src/flow/check.ts', "export { x } from '../api/problem.js';", /shared\/flow may not import shared\/api/],
  ['shared/src/lib/id.ts', "import '../flow/document.js';", /shared\/lib may not import shared\/flow/],
  ['shared/src/audit/hash.ts', "import '../flow/document.js';", /shared\/audit may not import shared\/flow/],
  ['shared/src/connector/http.ts', "import '../flow/document.js';", /shared\/connector may not import shared\/flow/],
  ['shared/src/openapi/read.ts', "import '../api/problem.js';", /shared\/openapi may not import shared\/api/],
  ['shared/src/api/call.ts', "import 'express';", /shared\/api may not import express/],
  ['shared/src/api/read.ts', "import 'node:fs';", /node:fs may not be imported here: this also runs in a browser/],
  [
    'backend/src/platform/one.ts',
    "import '../features/flows/flows.service.js';",
    /platform may not import feature\/service/,
  ],
  ['backend/src/platform/two.ts', "import '@sluice/shared/flow';", /platform may not import shared\/flow/],
  [
    'backend/src/platform/three.ts',
    "import '../../../shared/src/lib/id.js';",
    /import shared\/lib as @sluice\/shared\/lib/,
  ],
  ['backend/src/config/one.ts', "import '../platform/clock.js';", /config may not import platform/],
  ['backend/src/journal/one.ts', "import '../engine/advance.js';", /journal may not import engine/],
  ['backend/src/engine/one.ts', "import '../intake/webhook.js';", /engine may not import intake/],
  ['backend/src/engine/two.ts', "import '../broker/vault.js';", /engine may not import broker$/],
  ['backend/src/engine/three.ts', "import '../connectors/stripe/index.js';", /engine may not import connector\/index/],
  [
    'backend/src/engine/four.ts',
    "import '../features/runs/runs.repository.js';",
    /engine may not import feature of another folder/,
  ],
  [
    'backend/src/intake/one.ts',
    "const vault = await import('../broker/vault.js'); export { vault };",
    /intake may not import broker$/,
  ],
  ['backend/src/engine/five.ts', "import '../code/sandbox-thread.js';", /engine may not import code$/],
  ['backend/src/features/flows/six.ts', "import '../../code/code-pool.js';", /feature may not import code\/entry/],
  ['backend/src/code/one.ts', "import '../journal/journal.js';", /code may not import journal/],
  ['backend/src/broker/one.ts', "import '../connectors/registry.js';", /broker may not import registry/],
  ['backend/src/broker/broker.ts', "import '../journal/journal.js';", /broker\/entry may not import journal/],
  [
    'backend/src/features/flows/one.ts',
    "import '../runs/runs.repository.js';",
    /feature may not import feature of another folder/,
  ],
  ['backend/src/features/flows/two.ts', "import '../../engine/advance.js';", /feature may not import engine/],
  [
    'backend/src/features/flows/flows.service.ts',
    "import '../runs/run.entity.js';",
    /feature\/service may not import feature of another folder/,
  ],
  ['backend/src/connectors/stripe/one.ts', "import '../../platform/clock.js';", /connector may not import platform/],
  [
    'backend/src/connectors/stripe/two.ts',
    "import '../hubspot/connector.js';",
    /connector may not import connector of another folder/,
  ],
  ['backend/src/connectors/stripe/three.ts', "import '@nestjs/common';", /connector may not import @nestjs\/common/],
  ['backend/src/connectors/stripe/double.ts', "import './connector.js';", /double may not import connector/],
  [
    'backend/src/connectors/registry.ts',
    "import './stripe/connector.js';",
    /registry may not import connector of another folder/,
  ],
  [
    'backend/src/migrations/0001-one.ts',
    "import '../features/flows/flow.entity.js';",
    /migrations may not import feature/,
  ],
  ['backend/src/cli/one.ts', "import '../broker/vault.js';", /cli may not import broker$/],
  ['backend/src/demo/one.ts', "import '../broker/vault.js';", /demo may not import broker$/],
  ['backend/src/main.ts', "import './broker/vault.js';", /entry may not import broker$/],
  ['frontend/src/ui/One.tsx', "import '../api/client.js';", /frontend\/ui may not import frontend\/api/],
  ['frontend/src/lib/one.ts', "import '../ui/Card.js';", /frontend\/lib may not import frontend\/ui/],
  ['frontend/src/api/one.ts', "import '../pages/Flows.js';", /frontend\/api may not import frontend\/pages/],
  ['frontend/src/editor/one.ts', "import '../pages/Flows.js';", /frontend\/editor may not import frontend\/pages/],
  [
    'frontend/src/pages/one.ts',
    "import '../../../backend/src/config/env.js';",
    /frontend\/pages may not import config/,
  ],
  ['e2e/journeys/one.ts', "import '../../backend/src/platform/clock.js';", /e2e may not import platform/],
  ['bench/inside/one.ts', "import '../../backend/dist/engine/advance.js';", /bench\/inside may not import engine/],
  ['bench/two.ts', "import '../backend/dist/broker/counter.js';", /bench may not import broker/],
  ['bench/one.ts', "import '../backend/dist/engine/advance.js';", /bench may not import engine/],
  ['backend/src/attic/one.ts', "import '../platform/clock.js';", /backend\/src\/attic\/one.ts is in no room/],

  // Packages that belong to a few files.
  [
    'backend/src/engine/socket.ts',
    "import 'node:net';",
    /node:net may not be imported here: only broker\/egress opens sockets/,
  ],
  ['backend/src/intake/send.ts', "import 'undici';", /undici may not be imported here/],
  ['backend/src/connectors/sftp/files.ts', "import 'ssh2';", /ssh2 may not be imported here/],
  ['backend/src/features/alerts/mail.ts', "import 'nodemailer';", /nodemailer may not be imported here/],
  ['backend/src/engine/listen.ts', "import 'node:http';", /node:http may not be imported here: only the webhook door/],
  // What sends goes through the guard, inside the broker as well.
  [
    'backend/src/broker/drivers/socket.ts',
    "import { connect } from 'node:net'; export { connect };",
    /node:net may not be imported here: only broker\/egress opens sockets/,
  ],
  ['backend/src/broker/drivers/pool.ts', "import 'undici';", /undici may not be imported here: only broker\/egress/],
  [
    'backend/src/broker/drivers/secure.ts',
    "import 'node:tls';",
    /node:tls may not be imported here: only broker\/egress/,
  ],
  ['backend/src/broker/drivers/request.ts', "import 'node:http';", /node:http may not be imported here/],
  ['backend/src/broker/drivers/web.ts', "import 'node:https';", /node:https may not be imported here/],
  ['backend/src/broker/names.ts', "import 'node:dns/promises';", /node:dns\/promises may not be imported here/],
  ['backend/src/features/alerts/names.ts', "import 'node:dns';", /node:dns may not be imported here/],
  [
    'backend/src/features/alerts/datagram.ts',
    "const x = await import('node:dgram'); export { x };",
    /node:dgram may not be imported here/,
  ],
  ['backend/src/platform/bare.ts', "import 'tls';", /tls may not be imported here/],
  ['backend/src/broker/mail.ts', "import 'nodemailer/lib/mailer';", /only a driver of the broker speaks SMTP/],
  [
    'backend/src/broker/fetch.ts',
    "export const x = fetch('https://example.com');",
    /fetch goes out through the broker/,
  ],
  [
    'backend/src/broker/events.ts',
    "export const x = new WebSocket('wss://example.com');",
    /WebSocket goes out through/,
  ],
  ['backend/src/engine/query.ts', "import 'typeorm';", /typeorm may not be imported here/],
  [
    'backend/src/features/runs/runs.service.ts',
    "import { Repository } from 'typeorm'; export { Repository };",
    /a service takes only DataSource/,
  ],
  ['backend/src/engine/sandbox.ts', "import 'quickjs-wasi';", /only the sandbox runs code that users wrote/],
  [
    'backend/src/engine/thread.ts',
    "import 'node:worker_threads';",
    /node:worker_threads may not be imported here: threads are for what users wrote/,
  ],
  ['frontend/src/editor/panel/one.ts', "import '@xyflow/react';", /@xyflow\/react may not be imported here/],

  // Clock, randomness, environment, network.
  ['backend/src/engine/env.ts', 'export const x = process.env;', /process.env is read in backend\/src\/config only/],
  [
    'backend/src/engine/env-import.ts',
    "import { env } from 'node:process'; export { env };",
    /process.env is read in backend\/src\/config only/,
  ],
  ['backend/src/engine/now.ts', 'export const x = Date.now();', /Date.now is read in platform\/clock.ts only/],
  ['shared/src/flow/date.ts', 'export const x = new Date();', /new Date\(\) is read in platform\/clock.ts only/],
  [
    'backend/src/engine/timer.ts',
    'export const x = setTimeout(() => 1, 1);',
    /setTimeout would run past the simulation/,
  ],
  ['backend/src/engine/sleep.ts', "import 'node:timers/promises';", /the engine asks its store and waits by Timers/],
  ['backend/src/engine/sql.ts', "import 'pg';", /the engine asks its store and waits by Timers/],
  ['backend/src/engine/random.ts', 'export const x = Math.random();', /Math.random is used in platform\/ids.ts only/],
  [
    'backend/src/engine/uuid.ts',
    "import { randomUUID } from 'node:crypto'; export { randomUUID };",
    /randomUUID is used in/,
  ],
  [
    'backend/src/features/flows/fetch.ts',
    "export const x = fetch('https://example.com');",
    /fetch goes out through the broker/,
  ],
  ['frontend/src/pages/fetch.ts', "export const x = fetch('/api');", /fetch goes out through the broker/],
  ['shared/src/flow/host.ts', 'export const x = Buffer.alloc(1);', /Buffer is not there in every place/],

  // Key material.
  [
    'backend/src/broker/key-one.ts',
    "import { createHmac } from 'node:crypto';\nexport const x = (key: Buffer) => createHmac('sha256', key);",
    /createHmac takes a KeyObject/,
  ],
  [
    'backend/src/broker/key-two.ts',
    "import { createHmac } from 'node:crypto';\nexport const x = createHmac('sha256', 'secret');",
    /createHmac takes a KeyObject/,
  ],
  [
    'backend/src/broker/key-three.ts',
    "import { createCipheriv, randomBytes } from 'node:crypto';\nconst key = randomBytes(32);\nexport const x = createCipheriv('aes-256-gcm', key, randomBytes(12));",
    /createCipheriv takes a KeyObject/,
  ],

  // Shape of the code.
  [
    'backend/src/engine/promise.ts',
    'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}',
    /no-floating-promises/,
  ],
  ['backend/src/engine/callback.ts', 'export const x = [1].filter(async (n) => n > 0);', /no-misused-promises/],
  [
    'backend/src/engine/circle-one.ts',
    "import { two } from './circle-two.js';\nexport const one = (): number => two();",
    /import\(no-cycle\)/,
  ],
  ['backend/src/engine/default.ts', 'export default 1;', /import\(no-default-export\)/],
  ['backend/src/engine/long.ts', 'export {};\n'.repeat(401), /max-lines/],
  ['backend/src/engine/any.ts', 'export const x = (y: any) => y;', /no-explicit-any/],
  ['backend/src/engine/as.ts', 'export const x = (y: unknown) => y as string;', /"as" hides mistakes/],
  ['backend/src/engine/enum.ts', "export enum X { A = 'a' }", /union of string literals/],
  ['backend/src/engine/later.ts', '// TODO: later\nexport {};', /no-warning-comments/],
  [
    'backend/src/engine/many.ts',
    'export function x(a: number, b: number, c: number, d: number) { return a + b + c + d; }',
    /take one object/,
  ],
  ['backend/src/engine/utils.ts', 'export {};', /says nothing/],
  ['backend/src/engine/index.ts', 'export {};', /import the file itself/],
  ['backend/src/engine/RunLoop.ts', 'export {};', /filename-case/],
  [
    'backend/src/features/flows/flows.module.ts',
    "import { forwardRef } from '@nestjs/common'; export { forwardRef };",
    /no-restricted-imports/,
  ],
];

/** Near misses: each looks like a breach and is none. */
const allowed: Readonly<Record<string, string>> = {
  'shared/src/flow/good.ts': "import '../lib/id.js';\nimport { z } from 'zod';\nexport const x = z.string();",
  'backend/src/engine/good.ts':
    "import '../journal/journal.js';\nimport '../broker/broker.js';\nimport '../connectors/registry.js';\nimport '../features/runs/runs.service.js';\nimport type { Socket } from 'node:net';\nexport type X = Socket;\nexport const now = new Date(0);",
  'backend/src/broker/good.ts':
    "import { isIP } from 'node:net';\nimport type { Pool } from 'undici';\nimport { createHmac, type KeyObject } from 'node:crypto';\nexport const x = (key: KeyObject) => createHmac('sha256', key);\nexport const y = isIP;\nexport type Z = Pool;",
  'backend/src/broker/egress/good.ts':
    "import 'undici';\nimport 'node:tls';\nimport 'node:net';\nimport 'node:dns/promises';",
  'backend/src/features/flows/good.repository.ts':
    "import 'typeorm';\nimport './flow.entity.js';\nimport '../runs/runs.service.js';",
  'backend/src/features/flows/good.service.ts':
    "import { DataSource } from 'typeorm';\nimport '../../engine/engine.js';\nexport { DataSource };",
  'backend/src/connectors/stripe/good.ts': "import './connector.js';\nimport '@sluice/shared/connector';",
  'backend/src/connectors/stripe/good.spec.ts':
    "import 'node:net';\nimport '../../platform/clock.js';\nexport const x = Date.now();",
  'backend/src/config/good.ts': 'export const x = process.env;',
  'backend/src/platform/clock.ts': 'export const x = Date.now();',
  'frontend/src/editor/canvas/Good.tsx': "import '@xyflow/react';\nexport const x = 1;",
  'frontend/src/api/good.ts': "export const x = fetch('/api');\nexport type Y = typeof x;",
  'e2e/journeys/good.ts': "import '../../backend/dist/connectors/stripe/double.js';",
};

let tree = '';
let reports: { filename: string; text: string }[] = [];

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'sluice-rules-'));
  await cp(join(root, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
  await cp(join(root, 'scripts/lint'), join(tree, 'scripts/lint'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  await writeFile(
    join(tree, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { strict: true, module: 'nodenext', target: 'es2024', jsx: 'react-jsx' },
      include: ['**/src'],
    }),
  );
  const files = [...breaches.map(([path, source]) => [path, source] as const), ...Object.entries(allowed)];
  // Two files make a circle: the second half of it is a file of its own.
  const circle = [
    'backend/src/engine/circle-two.ts',
    "import { one } from './circle-one.js';\nexport const two = (): number => one();",
  ] as const;
  for (const [path, source] of [...files, circle]) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), `${source}\n`);
  }
  reports = await lint();
}, 60_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

function lint(): Promise<{ filename: string; text: string }[]> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  return new Promise((resolve, reject) => {
    const args = [
      oxlint,
      '--type-aware',
      '--disable-nested-config',
      '--format=json',
      'shared',
      'backend',
      'frontend',
      'e2e',
      'bench',
    ];
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 16 * 1024 * 1024 }, (_, stdout, stderr) => {
      try {
        const { diagnostics }: { diagnostics: { filename: string; message: string; code: string }[] } =
          JSON.parse(stdout);
        resolve(diagnostics.map(({ filename, message, code }) => ({ filename, text: `${code}: ${message}` })));
      } catch (cause) {
        reject(new Error(`oxlint gave no report: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`, { cause }));
      }
    });
  });
}

function textOf(path: string): string[] {
  return reports.filter(({ filename }) => filename === path).map(({ text }) => text);
}

describe('the checker', () => {
  it.each(breaches)('reports %s', (path, _, report) => {
    expect(textOf(path)).toContainEqual(expect.stringMatching(report));
  });

  it.each(Object.keys(allowed))('lets %s pass', (path) => {
    expect(textOf(path)).toEqual([]);
  });
});
