import { hash } from 'node:crypto';
import type { Allowance } from '@sluice/shared/api';
import { canonicalJson } from '@sluice/shared/lib';

/** What an approval is for. */
export interface GrantSubject {
  flow: string;
  /** Content hash of the version. */
  version: string;
  environment: string;
  slot: string;
  connector: string;
  /** Hash of what the connector declares. */
  connectorVersion: string;
  connection: string;
}

/** What an approval binds: any other version, connector, connection, place or need has another hash. */
export function grantHash(subject: GrantSubject, { scopes, hosts, calls, fields, replies }: Allowance): string {
  const { flow, version, environment, slot, connector, connectorVersion, connection } = subject;
  const bound = { flow, version, environment, slot, connector, connectorVersion, connection };
  return `sha256:${hash('sha256', canonicalJson({ ...bound, scopes, hosts, calls, fields, replies }))}`;
}
