import { createSecretKey, type KeyObject } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { checkKeyService, type KeyServiceConfig, keyServiceOf } from './key-service.js';
import { StartProblem } from './start-problem.js';
import { type Role, roles, variables } from './variables.js';

export { configVariables, type Role } from './variables.js';

/** The settings of this process. Frozen; made once, then injected. */
export interface Config {
  port: number;
  host: string;
  /** An origin without a slash at the end, as browsers send it. */
  publicUrl: string;
  /** Absolute. */
  dataDir: string;
  /** Null: the embedded PostgreSQL in the data folder. */
  databaseUrl: string | null;
  roles: ReadonlySet<Role>;
  /** Absolute. */
  brokerSocket: string;
  /** Chains of the log, each with a connection, that this process writes. */
  journalLanes: number;
  rootKey: KeyObject | null;
  /** Opens what it sealed, and seals nothing. */
  rootKeyBefore: KeyObject | null;
  /** Null: the root key is here. */
  keyService: KeyServiceConfig | null;
  admin: { email: string; password: string; totpSecret: string | null } | null;
  /** CIDRs; empty for everywhere. */
  adminCidrs: readonly string[];
  allowPrivateHosts: readonly string[];
  /** Declared host to the address of its stand-in. */
  doubles: ReadonlyMap<string, string>;
  soloApprovalDelaySeconds: number;
  /** Where files and large values lie when not in S3; null: nowhere. */
  blobDir: string | null;
  /** The largest file that is taken. */
  mostFileBytes: number;
  s3: { endpoint: string; bucket: string; region: string; accessKey: string; secretKey: KeyObject } | null;
  /** Null: members are told in the product only. */
  smtp: {
    host: string;
    port: number;
    tls: 'required' | 'starttls' | 'none';
    from: string;
    username: string | null;
    password: KeyObject | null;
  } | null;
  logRetentionDays: number;
  /** Null: no witness. */
  witness: { url: string; key: string } | null;
  /** Null: the log goes nowhere else. */
  siem: { url: string; format: 'ocsf' | 'ecs' | 'cef'; token: KeyObject | null } | null;
  /** Bytes that a workspace may store, and those that may store another amount. */
  quota: { each: number; byWorkspace: ReadonlyMap<string, number> };
  logLevel: string;
  otlpEndpoint: string | null;
  metricsToken: string | null;
  /** POINT:ACTION, armed by tests of crashes. */
  fault: string | null;
}

type Values = z.output<typeof variables>;

/** macOS takes 103, Linux 107. */
const longestSocketPath = 103;

/**
 * Reads every setting at once; an empty variable counts as unset.
 * @throws StartProblem with one line for each problem: names and reasons, never values.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(given);
  const problems = parsed.success
    ? checkTogether(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
  if (!parsed.success || problems.length > 0) {
    throw new StartProblem([...new Set(problems)].map((problem) => `${problem}.`).join('\n'));
  }
  return Object.freeze(configOf(parsed.data));
}

function configOf(values: Values): Config {
  const { SLUICE_ADMIN_EMAIL: email, SLUICE_ADMIN_PASSWORD: password, SLUICE_ADMIN_TOTP_SECRET: totp } = values;
  return {
    port: portOf(values),
    host: hostOf(values),
    publicUrl: publicUrlOf(values),
    dataDir: dataDirOf(values),
    databaseUrl: values.DATABASE_URL ?? null,
    roles: rolesOf(values),
    brokerSocket: brokerSocketOf(values),
    journalLanes: values.SLUICE_JOURNAL_LANES ?? 2,
    rootKey: keyOf(values.SLUICE_ROOT_KEY),
    rootKeyBefore: keyOf(values.SLUICE_ROOT_KEY_BEFORE),
    keyService: keyServiceOf(values),
    admin: email !== undefined && password !== undefined ? { email, password, totpSecret: totp ?? null } : null,
    adminCidrs: values.SLUICE_ADMIN_CIDRS ?? [],
    allowPrivateHosts: values.SLUICE_ALLOW_PRIVATE_HOSTS ?? [],
    doubles: values.SLUICE_DOUBLES ?? new Map(),
    soloApprovalDelaySeconds: values.SLUICE_SOLO_APPROVAL_DELAY_SECONDS ?? 900,
    quota: values.SLUICE_WORKSPACE_QUOTA ?? { each: 10 * 1024 ** 3, byWorkspace: new Map() },
    s3: s3Of(values),
    blobDir: blobDirOf(values),
    mostFileBytes: (values.SLUICE_MAX_FILE_MIB ?? 16) * 1024 ** 2,
    smtp: smtpOf(values),
    witness: witnessOf(values),
    siem: siemOf(values),
    logRetentionDays: values.SLUICE_LOG_RETENTION_DAYS ?? 400,
    logLevel: values.LOG_LEVEL ?? 'info',
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    metricsToken: values.METRICS_TOKEN ?? null,
    fault: values.SLUICE_FAULT ?? null,
  };
}

/** The embedded database has one machine; a folder that several share must be named. */
function blobDirOf(values: Values): string | null {
  if (values.SLUICE_BLOB_DIR !== undefined) return resolve(values.SLUICE_BLOB_DIR);
  return values.DATABASE_URL === undefined ? join(dataDirOf(values), 'blobs') : null;
}

function s3Of(values: Values): Config['s3'] {
  const { SLUICE_S3_ENDPOINT: endpoint, SLUICE_S3_BUCKET: bucket, SLUICE_S3_REGION: region = 'us-east-1' } = values;
  const { SLUICE_S3_ACCESS_KEY: accessKey, SLUICE_S3_SECRET_KEY: secret } = values;
  if (endpoint === undefined || bucket === undefined || accessKey === undefined || secret === undefined) return null;
  return { endpoint, bucket, region, accessKey, secretKey: createSecretKey(Buffer.from(secret)) };
}

function keyOf(text: string | undefined): KeyObject | null {
  return text === undefined ? null : createSecretKey(Buffer.from(text, 'base64'));
}

function smtpOf({ SLUICE_SMTP_URL: server, SLUICE_SMTP_FROM: from }: Values): Config['smtp'] {
  if (server === undefined || from === undefined) return null;
  const { password } = server;
  return { ...server, from, password: password === null ? null : createSecretKey(Buffer.from(password)) };
}

function witnessOf({ SLUICE_WITNESS_URL: url, SLUICE_WITNESS_KEY: key }: Values): Config['witness'] {
  return url === undefined || key === undefined ? null : { url, key };
}

function siemOf({ SLUICE_SIEM_URL: url, SLUICE_SIEM_FORMAT: format = 'ocsf', ...rest }: Values): Config['siem'] {
  const { SLUICE_SIEM_TOKEN: token } = rest;
  if (url === undefined) return null;
  return { url, format, token: token === undefined ? null : createSecretKey(Buffer.from(token)) };
}

function portOf({ PORT = 3000 }: Values): number {
  return PORT;
}

function hostOf({ HOST = '127.0.0.1' }: Values): string {
  return HOST;
}

function rolesOf({ SLUICE_ROLES }: Values): ReadonlySet<Role> {
  return new Set(SLUICE_ROLES === undefined || SLUICE_ROLES.length === 0 ? roles : SLUICE_ROLES);
}

function dataDirOf({ SLUICE_DATA_DIR = 'data' }: Values): string {
  return resolve(SLUICE_DATA_DIR);
}

function brokerSocketOf(values: Values): string {
  return resolve(values.SLUICE_BROKER_SOCKET ?? join(dataDirOf(values), 'broker.sock'));
}

/** A wildcard address is no place a browser can go to: what listens everywhere is reached as localhost. */
function publicUrlOf(values: Values): string {
  if (values.PUBLIC_URL !== undefined) return new URL(values.PUBLIC_URL).origin;
  const host = hostOf(values);
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return new URL(`http://${name}:${portOf(values)}`).origin;
}

/** Rules that look at more than one variable. */
function checkTogether(values: Values): string[] {
  const problems: string[] = [];
  const { protocol, hostname } = new URL(publicUrlOf(values));
  if (protocol === 'http:' && !isLoopback(hostname)) {
    problems.push(
      'PUBLIC_URL must be the https address of this server, since it is not reached from this machine only',
    );
  }
  problems.push(...checkKeyService(values));
  const s3 = [
    values.SLUICE_S3_ENDPOINT,
    values.SLUICE_S3_BUCKET,
    values.SLUICE_S3_ACCESS_KEY,
    values.SLUICE_S3_SECRET_KEY,
  ];
  if (s3.includes(undefined) && s3.some((value) => value !== undefined)) {
    problems.push(
      'SLUICE_S3_ENDPOINT, SLUICE_S3_BUCKET, SLUICE_S3_ACCESS_KEY and SLUICE_S3_SECRET_KEY must be set together',
    );
  }
  if ((values.SLUICE_SMTP_URL === undefined) !== (values.SLUICE_SMTP_FROM === undefined)) {
    problems.push('SLUICE_SMTP_URL and SLUICE_SMTP_FROM must be set together');
  }
  if ((values.SLUICE_WITNESS_URL === undefined) !== (values.SLUICE_WITNESS_KEY === undefined)) {
    problems.push('SLUICE_WITNESS_URL and SLUICE_WITNESS_KEY must be set together');
  }
  if ((values.SLUICE_ADMIN_EMAIL === undefined) !== (values.SLUICE_ADMIN_PASSWORD === undefined)) {
    problems.push('SLUICE_ADMIN_EMAIL and SLUICE_ADMIN_PASSWORD must be set together');
  }
  if (values.SLUICE_ADMIN_TOTP_SECRET !== undefined && values.SLUICE_ADMIN_EMAIL === undefined) {
    problems.push('SLUICE_ADMIN_TOTP_SECRET must come with SLUICE_ADMIN_EMAIL and SLUICE_ADMIN_PASSWORD');
  }
  if (values.DATABASE_URL === undefined && !rolesOf(values).has('server')) {
    problems.push(
      'DATABASE_URL must be set when SLUICE_ROLES leaves out server: the embedded database belongs to the server',
    );
  }
  // A process that calls its own child needs no socket.
  const roles = rolesOf(values);
  const needsSocket = !roles.has('broker') || roles.size === 1;
  if (needsSocket && Buffer.byteLength(brokerSocketOf(values)) > longestSocketPath) {
    problems.push(`SLUICE_BROKER_SOCKET must be set to a path of at most ${longestSocketPath} bytes`);
  }
  return problems;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}
