// Who may import whom. A file belongs to the first room whose pattern matches its path. `imports` names rooms, `packages`
// names packages from npm ("*" is any that `guarded` below does not keep for others). What a pattern captures is a folder
// of siblings: they see each other, and others see only rooms that are open to them. Tests may import anything.

const shared = ['shared/flow', 'shared/connector', 'shared/openapi', 'shared/api', 'shared/audit', 'shared/lib'];
const floor = ['config', 'platform', ...shared];

export const rooms = [
  // shared is pure: it also runs in a browser and in an offline verifier.
  { name: 'shared/lib', path: /^shared\/src\/lib\//, imports: [], packages: ['zod'] },
  {
    name: 'shared/flow',
    path: /^shared\/src\/flow\//,
    imports: ['shared/connector', 'shared/lib'],
    packages: ['zod', 'jsonata', 're2js'],
  },
  { name: 'shared/connector', path: /^shared\/src\/connector\//, imports: ['shared/lib'], packages: ['zod'] },
  {
    name: 'shared/openapi',
    path: /^shared\/src\/openapi\//,
    imports: ['shared/flow', 'shared/connector', 'shared/lib'],
    packages: ['zod'],
  },
  { name: 'shared/audit', path: /^shared\/src\/audit\//, imports: ['shared/lib'], packages: ['zod'] },
  {
    name: 'shared/api',
    path: /^shared\/src\/api\//,
    imports: ['shared/flow', 'shared/connector', 'shared/openapi', 'shared/lib'],
    packages: ['zod'],
  },

  { name: 'config', path: /^backend\/src\/config\//, imports: ['shared/lib'], packages: ['zod'] },
  {
    name: 'platform',
    path: /^backend\/src\/platform\//,
    // Of the features' words the floor knows error codes and permissions; migrating a database names the migrations.
    imports: ['config', 'shared/api', 'shared/lib', 'migrations', 'journal/queue'],
    packages: ['*'],
  },
  { name: 'journal/queue', path: /^backend\/src\/journal\/queue\//, imports: ['journal', ...floor], packages: ['*'] },
  { name: 'journal', path: /^backend\/src\/journal\//, imports: ['journal/queue', ...floor], packages: ['*'] },
  // What the API asks of a running engine (start, cancel, resolve), what it would compute, and how to read what it wrote. The rest is its own business.
  {
    name: 'engine/entry',
    path: /^backend\/src\/engine\/(engine|compute|run-keys|step-key|ask-sealing|open-payloads|done-steps|file-row)\.ts$/,
    imports: [
      'engine',
      'journal',
      'journal/queue',
      'broker/entry',
      'code/entry',
      'registry',
      'feature/service',
      ...floor,
    ],
    packages: ['*'],
  },
  {
    name: 'engine',
    path: /^backend\/src\/engine\//,
    imports: [
      'engine/entry',
      'journal',
      'journal/queue',
      'broker/entry',
      'code/entry',
      'registry',
      'feature/service',
      ...floor,
    ],
    packages: ['*'],
  },
  {
    name: 'intake',
    path: /^backend\/src\/intake\//,
    // The process that accepts an event carries its run, so the doors know the engine; the engine knows no door.
    imports: [
      'engine',
      'engine/entry',
      'journal',
      'journal/queue',
      'broker/entry',
      'registry',
      // When a schedule is due is the connector's to say.
      'connector/index',
      'feature/service',
      ...floor,
    ],
    packages: ['*'],
  },
  // Secrets and sockets: one way in, and nobody sees the inside.
  {
    name: 'broker/entry',
    path: /^backend\/src\/broker\/(call|broker|broker\.module|s3-blobs|root-keys|log-lines)\.ts$/,
    imports: ['broker', ...floor],
    packages: ['*'],
  },
  { name: 'broker', path: /^backend\/src\/broker\//, imports: ['broker/entry', ...floor], packages: ['*'] },
  // Users' code runs where it reaches nothing; the engine hands it over and takes the answer.
  { name: 'code/entry', path: /^backend\/src\/code\/code-pool\.ts$/, imports: ['code', ...floor], packages: [] },
  { name: 'code', path: /^backend\/src\/code\//, imports: floor, packages: ['quickjs-wasi'] },
  // A double shares no code with the connector it stands opposite to.
  {
    name: 'double',
    path: /^backend\/src\/connectors\/(?<folder>[^/]+)\/double[^/]*\.ts$/,
    imports: ['shared/connector', 'shared/lib'],
    packages: ['zod'],
    isOpenToOthers: true,
  },
  {
    name: 'registry',
    path: /^backend\/src\/connectors\/(registry|imported)\.ts$/,
    imports: ['registry', 'connector/index', 'shared/connector', 'shared/openapi', 'shared/lib'],
    packages: ['zod'],
  },
  {
    name: 'connector/index',
    path: /^backend\/src\/connectors\/(?<folder>[^/]+)\/index\.ts$/,
    imports: ['connector', 'shared/connector', 'shared/lib'],
    packages: ['zod'],
    isOpenToOthers: true,
  },
  // A connector describes requests and reads answers: it touches no floor, no framework and no other connector.
  {
    name: 'connector',
    path: /^backend\/src\/connectors\/(?<folder>[^/]+)\//,
    imports: ['shared/connector', 'shared/lib'],
    // What reads and writes formats and times: none of them opens anything.
    packages: ['zod', 'croner', 'saxes', 'temporal-polyfill'],
  },
  {
    name: 'feature/service',
    path: /^backend\/src\/features\/(?<folder>[^/]+)\/(?:.*\/)?[^/]+\.(service|module|interceptor|guard)\.ts$/,
    imports: [
      'feature',
      'feature/service',
      'feature/shared',
      'journal',
      'journal/queue',
      'engine/entry',
      'intake',
      'broker/entry',
      'registry',
      ...floor,
    ],
    packages: ['*'],
    isOpenToOthers: true,
  },
  {
    name: 'feature',
    path: /^backend\/src\/features\/(?<folder>[^/]+)\//,
    imports: [
      'feature/service',
      'feature/shared',
      'journal',
      'journal/queue',
      'engine/entry',
      'intake',
      'broker/entry',
      'registry',
      ...floor,
    ],
    packages: ['*'],
  },
  // What several features say in the same words, such as the log's line for a member's deed.
  {
    name: 'feature/shared',
    path: /^backend\/src\/features\/[^/]+\.ts$/,
    imports: ['journal', ...floor],
    packages: ['*'],
  },
  { name: 'migrations', path: /^backend\/src\/migrations\//, imports: ['config', 'platform'], packages: ['typeorm'] },
  {
    name: 'demo',
    path: /^backend\/src\/demo\//,
    imports: ['double', 'registry', 'feature/service', 'entry', ...floor],
    packages: ['*'],
  },
  {
    name: 'cli',
    path: /^backend\/src\/cli\//,
    imports: [
      'feature/service',
      'journal',
      'journal/queue',
      'engine',
      'engine/entry',
      'broker/entry',
      'registry',
      'migrations',
      'entry',
      ...floor,
    ],
    packages: ['*'],
  },
  {
    name: 'entry',
    path: /^backend\/src\/[^/]+\.ts$/,
    imports: [
      'feature/service',
      'journal',
      'journal/queue',
      'engine',
      'engine/entry',
      'intake',
      'broker/entry',
      'code/entry',
      'registry',
      'migrations',
      ...floor,
    ],
    packages: ['*'],
  },

  { name: 'frontend/lib', path: /^frontend\/src\/lib\//, imports: ['shared/lib'], packages: ['*'] },
  { name: 'frontend/ui', path: /^frontend\/src\/ui\//, imports: ['frontend/lib', 'shared/lib'], packages: ['*'] },
  {
    name: 'frontend/api',
    path: /^frontend\/src\/api\//,
    imports: ['frontend/lib', 'shared/api', 'shared/flow', 'shared/lib'],
    packages: ['*'],
  },
  {
    name: 'frontend/editor',
    path: /^frontend\/src\/editor\//,
    imports: [
      'frontend/api',
      'frontend/ui',
      'frontend/lib',
      'shared/flow',
      'shared/connector',
      'shared/api',
      'shared/lib',
    ],
    packages: ['*'],
  },
  {
    name: 'frontend/pages',
    path: /^frontend\/src\/pages\//,
    // A reader's own browser checks proofs, draws flows and describes connectors.
    imports: ['frontend/editor', 'frontend/api', 'frontend/ui', 'frontend/lib', ...shared],
    packages: ['*'],
  },
  {
    name: 'frontend',
    path: /^frontend\/src\/[^/]+\.tsx?$/,
    imports: ['frontend/pages', 'frontend/editor', 'frontend/api', 'frontend/ui', 'frontend/lib', ...shared],
    packages: ['*'],
  },
  // The product is tested and measured from outside: only shapes and stand-ins are known.
  { name: 'e2e', path: /^e2e\//, imports: ['double', 'shared/api', 'shared/connector', 'shared/lib'], packages: ['*'] },
  // But for what the broker's own process costs: only there does it run in its caller's.
  { name: 'bench/inside', path: /^bench\/inside\//, imports: ['broker', 'platform', 'config'], packages: ['*'] },
  { name: 'bench', path: /^bench\//, imports: ['shared/api', 'shared/lib'], packages: ['*'] },
];

const programs = /^(e2e|bench|scripts)\//;

/** Packages that only some files may load, whatever their room allows: the first line that matches decides. */
export const guarded = [
  {
    packages: /^(node:)?http$/,
    files: [/^backend\/src\/(demo|intake)\//, /^backend\/src\/(main|web-server)\.ts$/, programs],
    reason: 'only the webhook door and main listen, and nobody sends with it',
  },
  // A socket of ours to another process of ours is a path in the file system.
  {
    packages: /^(node:)?net$/,
    files: [
      /^backend\/src\/broker\/egress\//,
      /^backend\/src\/broker\/socket-(link|door)\.ts$/,
      /^backend\/src\/demo\//,
      programs,
    ],
    names: ['isIP', 'isIPv4', 'isIPv6'],
    reason: 'only broker/egress opens sockets: ask Egress to dial',
  },
  {
    packages: /^(undici|(node:)?(https|http2|tls|dgram|dns)(\/promises)?)$/,
    files: [/^backend\/src\/broker\/egress\//, /^backend\/src\/demo\//, programs],
    reason: 'only broker/egress opens sockets and looks up names: ask Egress to dial',
  },
  {
    packages: /^(nodemailer(\/.*)?|ssh2(-.*)?|imapflow|mysql2(\/.*)?|pg-cursor)$/,
    files: [/^backend\/src\/broker\/drivers\//, /^backend\/src\/demo\//, programs],
    reason: 'only a driver of the broker speaks SMTP, SSH, IMAP and SQL of others, over a socket that Egress dialled',
  },
  {
    packages: /^(quickjs-wasi|node:vm)$/,
    files: [/^backend\/src\/code\//, programs],
    reason: 'only the sandbox runs code that users wrote',
  },
  {
    packages: /^node:worker_threads$/,
    files: [/^backend\/src\/code\//, /^backend\/src\/features\/connectors\/document-(reader|thread)\.ts$/, programs],
    reason: 'threads are for what users wrote: code, and documents to import',
  },
  {
    packages: /^(typeorm|@nestjs\/typeorm)$/,
    files: [
      /^backend\/src\/features\/.*\.(entity|repository|module|service)\.ts$/,
      /^backend\/src\/app\.module\.ts$/,
      /^backend\/src\/platform\/database\//,
      /^backend\/src\/migrations\//,
    ],
    reason: 'TypeORM stays in entities, repositories, modules, platform/database and migrations',
  },
  {
    packages: /^@xyflow\//,
    files: [/^frontend\/src\/editor\/canvas\//],
    reason: 'only editor/canvas knows the canvas library',
  },
  {
    packages: /^(pg|node:timers.*)$/,
    files: [/^backend\/(?!src\/engine\/(?!store\/))/, programs],
    reason: 'the engine asks its store and waits by Timers, so that a simulation can stand in for both',
  },
  {
    packages: /^node:/,
    files: [/^backend\//, programs, /^(frontend\/)?\w+\.config\.ts$/],
    reason: 'this also runs in a browser',
  },
];

/** What a service may take from TypeORM: it opens transactions, repositories write queries. */
export const transactionNames = ['DataSource', 'EntityManager'];

export function isTest(path) {
  return /\.(spec|e2e|type-spec)\.tsx?$/.test(path) || /^(shared|backend|frontend|e2e)\/test\//.test(path);
}

/** The room of a file, and for a connector or a feature the folder it shares with its siblings. */
export function roomOf(path) {
  const room = rooms.find((candidate) => candidate.path.test(path));
  return room && { ...room, folder: room.path.exec(path)?.groups?.folder };
}
