import { z } from 'zod';
import {
  isBase32,
  isKey,
  isPrivateHost,
  listOf,
  mailSender,
  parseDoubles,
  parseKeyService,
  parseMailServer,
  parseQuota,
} from './formats.js';

export const roles = ['server', 'worker', 'broker'] as const;
export type Role = (typeof roles)[number];

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

function wholeNumber(lowest: number, highest: number) {
  const message = `must be a whole number from ${lowest} to ${highest}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((number) => number >= lowest && number <= highest, message);
}

function address(protocol: RegExp, message: string) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocol.test(new URL(text).protocol), { error: message, abort: true });
}

function variable<Schema extends z.ZodType>(schema: Schema, about: { description: string; default?: string }) {
  return schema.optional().meta(about);
}

/** Every variable that the program reads. Messages complete the sentence "NAME ...", and never hold the value. */
export const variables = z.object({
  PORT: variable(wholeNumber(0, 65_535), {
    description: 'Port of the API, the editor and the webhooks',
    default: '3000',
  }),
  HOST: variable(z.string().regex(/^[\w.:-]+$/, 'must be a host name or an address'), {
    description: 'Address to listen on; 0.0.0.0 for all, behind a proxy that speaks https',
    default: '127.0.0.1',
  }),
  PUBLIC_URL: variable(
    address(/^https?:$/, 'must be an address such as https://flows.example.com').refine(
      (text) => new URL(text).href === `${new URL(text).origin}/`,
      'must be an origin only: scheme, host and port, no path, user name or query',
    ),
    {
      description: 'Address as the outside sees it; https unless it is this machine itself',
      default: 'http://HOST:PORT',
    },
  ),
  SLUICE_DATA_DIR: variable(z.string(), {
    description: 'Folder for the embedded database, large values and the root key',
    default: './data',
  }),
  DATABASE_URL: variable(
    address(/^postgres(ql)?:$/, 'must be an address such as postgres://user:password@host:5432/sluice'),
    {
      description: 'PostgreSQL 18 server of your own, instead of the embedded one',
    },
  ),
  SLUICE_ROLES: variable(
    listOf(z.enum(roles, 'must be a comma-separated list of server, worker and broker')).refine(
      (list) => new Set(list).size === list.length,
      'must name each role once',
    ),
    { description: 'What this process runs; several machines may share one database', default: 'server,worker,broker' },
  ),
  SLUICE_BROKER_SOCKET: variable(z.string(), {
    description:
      'Where a process that is broker alone listens and those that are no broker find it; in the data folder',
    default: './data/broker.sock',
  }),
  SLUICE_JOURNAL_LANES: variable(wholeNumber(1, 16), {
    description: 'Connections over which a process writes runs and log; one more than its cores at most',
    default: '2',
  }),
  SLUICE_ROOT_KEY: variable(z.string().refine(isKey, 'must be 32 random bytes in base64 ("openssl rand -base64 32")'), {
    description: 'Root key that seals all others: 32 bytes in base64; without it one is made in the data folder',
  }),
  SLUICE_ROOT_KEY_BEFORE: variable(z.string().refine(isKey, 'must be the root key before this one, in base64'), {
    description: 'Another root key that still opens what it sealed, while the root key is rotated',
  }),
  SLUICE_KMS: variable(
    z.string().transform((text, context) => {
      const service = parseKeyService(text);
      if (service !== null) return service;
      context.addIssue(
        'must be transit:https://HOST:PORT/MOUNT/KEY or aws-kms:ARN, with the ARN of a key and not of an alias',
      );
      return z.NEVER;
    }),
    {
      description:
        'Key service that holds the root key instead: transit:https://HOST:PORT/MOUNT/KEY (Vault, OpenBao) or aws-kms:ARN',
    },
  ),
  SLUICE_KMS_TOKEN: variable(z.string().regex(/^[\x21-\x7e]{8,}$/, 'must be a token of at least 8 characters'), {
    description: 'Token for Vault or OpenBao',
  }),
  SLUICE_KMS_TOKEN_FILE: variable(z.string(), {
    description: 'File that holds the token instead, read again when the service refuses the one at hand',
  }),
  SLUICE_KMS_ENDPOINT: variable(
    address(/^https?:$/, 'must be an address such as https://kms.eu-central-1.amazonaws.com').refine(
      (text) => new URL(text).href === `${new URL(text).origin}/`,
      'must be an origin only: scheme, host and port',
    ),
    { description: 'Address of AWS KMS, if it is not the usual one of the key’s region' },
  ),
  SLUICE_KMS_ACCESS_KEY: variable(z.string().regex(/^\w{3,128}$/, 'must be an access key id'), {
    description: 'Access key that may describe the key, encrypt, decrypt and re-encrypt with it',
  }),
  SLUICE_KMS_SECRET_KEY: variable(z.string().min(8, 'must have at least 8 characters'), {
    description: 'Secret of that key',
  }),
  SLUICE_ADMIN_EMAIL: variable(z.email('must be an e-mail address'), {
    description: 'First owner, for unattended set-up; read only while no member exists',
  }),
  SLUICE_ADMIN_PASSWORD: variable(z.string().min(8, 'must have at least 8 characters'), {
    description: 'Password of that owner',
  }),
  SLUICE_ADMIN_TOTP_SECRET: variable(
    z.string().refine(isBase32, 'must be base32 of at least 16 bytes (26 characters)'),
    {
      description: 'Second factor of that owner, base32; without it they enrol at the first login',
    },
  ),
  SLUICE_ALLOW_PRIVATE_HOSTS: variable(
    listOf(z.string().refine(isPrivateHost, 'must be a comma-separated list of hosts, host:port or CIDRs')),
    { description: 'Private hosts, host:port or CIDRs that connections may reach all the same, comma-separated' },
  ),
  SLUICE_DOUBLES: variable(
    z.string().transform((text, context) => {
      const doubles = parseDoubles(text);
      if (doubles !== null) return doubles;
      context.addIssue('must be a comma-separated list of host=URL');
      return z.NEVER;
    }),
    { description: 'Stand-ins, as host=URL, comma-separated; for development and tests only' },
  ),
  SLUICE_ADMIN_CIDRS: variable(
    listOf(z.union([z.cidrv4(), z.cidrv6()], 'must be a comma-separated list of networks such as 203.0.113.0/24')),
    {
      description: 'Networks from which admins and owners may sign in and work, comma-separated; without it everywhere',
    },
  ),
  SLUICE_SOLO_APPROVAL_DELAY_SECONDS: variable(wholeNumber(0, 86_400), {
    description: 'Wait before the only approver may approve a request of their own, in seconds',
    default: '900',
  }),
  SLUICE_SMTP_URL: variable(
    z.string().transform((text, context) => {
      const server = parseMailServer(text);
      if (server !== null) return server;
      context.addIssue('must be smtps://user:password@host or smtp://user:password@host:587, without a path');
      return z.NEVER;
    }),
    {
      description:
        'Mail server for what members are told: smtps:// (TLS), smtp:// (STARTTLS), smtp://host:25?tls=none where the host is listed in SLUICE_ALLOW_PRIVATE_HOSTS; user name and password percent-encoded',
    },
  ),
  SLUICE_SMTP_FROM: variable(z.string().regex(mailSender, 'must be one address, such as Sluice <sluice@example.com>'), {
    description: 'Sender of those mails, as an address or Name <address>',
  }),
  SLUICE_BLOB_DIR: variable(z.string(), {
    description:
      'Folder for files and large values; with a database of your own there are no files until this names one that all machines share, or S3 is set',
    default: './data/blobs',
  }),
  SLUICE_MAX_FILE_MIB: variable(wholeNumber(1, 1024), {
    description: 'The largest file that a delivery or an answer may bring, in MiB',
    default: '16',
  }),
  SLUICE_S3_ENDPOINT: variable(
    address(/^https?:$/, 'must be an address such as https://s3.eu-central-1.amazonaws.com').refine(
      (text) => new URL(text).href === `${new URL(text).origin}/`,
      'must be an origin only: scheme, host and port; the bucket has a variable of its own',
    ),
    { description: 'S3 or what speaks like it, for files and values above 256 KiB, instead of a folder' },
  ),
  SLUICE_S3_BUCKET: variable(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'), {
    description: 'Bucket for them; it must exist',
  }),
  SLUICE_S3_REGION: variable(z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be a region such as eu-central-1'), {
    description: 'Region of the bucket',
    default: 'us-east-1',
  }),
  SLUICE_S3_ACCESS_KEY: variable(z.string().regex(/^\w{3,128}$/, 'must be an access key id'), {
    description: 'Access key that may read, write, list and delete there',
  }),
  SLUICE_S3_SECRET_KEY: variable(z.string().min(8, 'must have at least 8 characters'), {
    description: 'Secret of that key',
  }),
  SLUICE_LOG_RETENTION_DAYS: variable(wholeNumber(30, 3650), {
    description: 'Days for which the audit log is kept, never fewer than the runs that it speaks of',
    default: '400',
  }),
  SLUICE_WITNESS_URL: variable(
    address(/^https?:$/, 'must be an address such as https://witness.example.com/').refine(
      (text) => new URL(text).pathname.endsWith('/') && new URL(text).search === '',
      'must end with a slash, without a query',
    ),
    {
      description:
        'Witness that cosigns the log’s checkpoints (c2sp.org/tlog-witness): shared/verify/witness.mjs is one',
    },
  ),
  SLUICE_WITNESS_KEY: variable(
    z.string().regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/, 'must be the key that the witness prints'),
    { description: 'Key of that witness, as it prints it: name+id+base64' },
  ),
  SLUICE_SIEM_URL: variable(
    address(
      /^(https|syslog\+tls|file):$/,
      'must be https://HOST/PATH, syslog+tls://HOST:6514 or file:///PATH, where the log is sent to',
    ),
    {
      description:
        'Where each entry of the log is sent as well: https://HOST/PATH, syslog+tls://HOST:6514 or file:///PATH',
    },
  ),
  SLUICE_SIEM_FORMAT: variable(z.enum(['ocsf', 'ecs', 'cef'], 'must be ocsf, ecs or cef'), {
    description: 'Form in which it is sent: ocsf (OCSF 1.9), ecs or cef',
    default: 'ocsf',
  }),
  SLUICE_SIEM_TOKEN: variable(z.string().regex(/^[\x21-\x7e]{8,}$/, 'must be a token of at least 8 characters'), {
    description: 'Bearer token for an https receiver',
  }),
  SLUICE_WORKSPACE_QUOTA: variable(
    z.string().transform((text, context) => {
      const quota = parseQuota(text);
      if (quota !== null) return quota;
      context.addIssue('must be a size such as 10GB, with exceptions such as 10GB,wsp_0123abcd=50GB');
      return z.NEVER;
    }),
    { description: 'Storage that each workspace may use, as 10GB or 10GB,wsp_0123abcd=50GB', default: '10GB' },
  ),
  LOG_LEVEL: variable(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`), {
    description: `How much is logged: ${logLevels.join(', ')}`,
    default: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(address(/^https?:$/, 'must be an address such as http://collector:4318'), {
    description: 'OpenTelemetry collector that traces and metrics are sent to; taken, but not used by this version',
  }),
  METRICS_TOKEN: variable(z.string(), {
    description: 'Bearer token that /metrics asks for; taken, but not used by this version',
  }),
  SLUICE_FAULT: variable(z.string().regex(/^[\w-]+:[\w-]+(:\d+)?$/, 'must be POINT:ACTION'), {
    description: 'Fault to produce, as POINT:ACTION; for tests of crashes only',
  }),
});

export type VariableName = keyof typeof variables.shape;

/** Name, meaning and default of each variable, for the documents and for the tests that compare them. */
export const configVariables: readonly { name: string; description: string; default: string | null }[] = Object.entries(
  variables.shape,
).map(([name, schema]) => {
  const about = schema.meta();
  const fallback = about?.['default'];
  return { name, description: about?.description ?? '', default: typeof fallback === 'string' ? fallback : null };
});
