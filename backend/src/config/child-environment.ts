import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import type { VariableName } from './variables.js';

/** This process's environment with other settings, for a child process. An empty setting counts as unset. */
export function childEnvironment(settings: Readonly<Partial<Record<VariableName, string>>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** What the broker reads of ours. The first owner's password, for one, is none of its business. */
const brokerSettings = [
  // Where this process listens: the broker sends nothing there.
  'HOST',
  'PORT',
  // A host that is not this machine alone stands only beside it.
  'PUBLIC_URL',
  'SLUICE_DATA_DIR',
  'SLUICE_ROOT_KEY',
  'SLUICE_ROOT_KEY_BEFORE',
  'SLUICE_KMS',
  'SLUICE_KMS_TOKEN',
  'SLUICE_KMS_TOKEN_FILE',
  'SLUICE_KMS_ENDPOINT',
  'SLUICE_KMS_ACCESS_KEY',
  'SLUICE_KMS_SECRET_KEY',
  'SLUICE_ALLOW_PRIVATE_HOSTS',
  'SLUICE_DOUBLES',
  'SLUICE_SMTP_URL',
  'SLUICE_SMTP_FROM',
  'SLUICE_S3_ENDPOINT',
  'SLUICE_S3_BUCKET',
  'SLUICE_S3_REGION',
  'SLUICE_S3_ACCESS_KEY',
  'SLUICE_S3_SECRET_KEY',
  'LOG_LEVEL',
] as const satisfies VariableName[];

/** What Node, its TLS, PostgreSQL's client and the system's loader read by themselves. */
const machineSettings =
  /^(PATH|HOME|LANG|TZ|TMPDIR|SYSTEMROOT|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR)|PG[A-Z]+|WATCH_REPORT_DEPENDENCIES)$/i;

/** The environment of a broker that is a child of this process, on the database at `url` and with its place for files. */
export function brokerEnvironment(url: string, blobDir: string | null): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => machineSettings.test(name) || brokerSettings.some((setting) => setting === name),
  );
  // Node puts a folder of its version into the one it is given.
  const compiled = getCompileCacheDir();
  const cache = compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) };
  const blobs = blobDir === null ? {} : { SLUICE_BLOB_DIR: blobDir };
  return { ...Object.fromEntries(kept), ...cache, ...blobs, SLUICE_ROLES: 'broker', DATABASE_URL: url };
}
