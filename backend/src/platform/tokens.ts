import type { KeyObject } from 'node:crypto';

/* What is injected by name because its type says too little. */

/** A pg pool for reads and small writes outside TypeORM: rate limits, sessions. */
export const databasePool = Symbol('databasePool');

/** PUBLIC_URL: scheme, host and port, as browsers send it in Origin. */
export const publicOrigin = Symbol('publicOrigin');

/** Seconds that a sole approver waits before deciding what he asked for himself (SLUICE_SOLO_APPROVAL_DELAY_SECONDS). */
export const soloApprovalDelay = Symbol('soloApprovalDelay');

/** Where the tables live, for what needs the owner's rights. */
export const databaseCell = Symbol('databaseCell');

/** Days for which the log is kept (SLUICE_LOG_RETENTION_DAYS). */
export const logRetentionDays = Symbol('logRetentionDays');

/** Who cosigns the log's checkpoints (SLUICE_WITNESS_URL, SLUICE_WITNESS_KEY); null for nobody. */
export const witness = Symbol('witness');
export interface Witness {
  key: { name: string; key: Uint8Array };
  /** Hands over what `askWitness` wrote. Rejects when it can't be reached. */
  post(body: string): Promise<{ status: number; text: string }>;
}

/** Where the log is sent as well (SLUICE_SIEM_URL, SLUICE_SIEM_FORMAT, SLUICE_SIEM_TOKEN); null for nowhere. */
export const siem = Symbol('siem');
export interface Siem {
  /** `https://...`, `syslog+tls://...`, `file:///...` */
  url: string;
  format: 'ocsf' | 'ecs' | 'cef';
  /** For an https receiver. */
  token: KeyObject | null;
  allowPrivateHosts: readonly string[];
}

/** The data folder (SLUICE_DATA_DIR), absolute. */
export const dataFolder = Symbol('dataFolder');

/** Where large values lie; null for nowhere but in their rows. */
export const blobStore = Symbol('blobStore');

/** Whether this installation has a mail server (SLUICE_SMTP_URL). */
export const sendsMail = Symbol('sendsMail');

/** Bytes that each workspace may store (SLUICE_WORKSPACE_QUOTA). */
export const storageQuota = Symbol('storageQuota');
