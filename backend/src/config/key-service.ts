import { createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyServiceAddress } from './formats.js';
import type { variables } from './variables.js';
import type { z } from 'zod';

type Values = z.output<typeof variables>;

type Transit = Extract<KeyServiceAddress, { kind: 'transit' }>;
type AwsKms = Extract<KeyServiceAddress, { kind: 'aws-kms' }>;

/** A service that holds the root key, and what it is asked with. */
export type KeyServiceConfig =
  | (Transit & { token: KeyObject | null; tokenFile: string | null })
  | (AwsKms & { endpoint: string; accessKey: string; secretKey: KeyObject });

export function keyServiceOf(values: Values): KeyServiceConfig | null {
  const { SLUICE_KMS: service, SLUICE_KMS_TOKEN: token, SLUICE_KMS_TOKEN_FILE: tokenFile = null } = values;
  const { SLUICE_KMS_ACCESS_KEY: accessKey = '', SLUICE_KMS_SECRET_KEY: secret = '' } = values;
  if (service === undefined) return null;
  if (service.kind === 'transit') return { ...service, token: token === undefined ? null : secretOf(token), tokenFile };
  const endpoint = values.SLUICE_KMS_ENDPOINT ?? `https://kms.${service.region}.amazonaws.com`;
  return { ...service, endpoint: new URL(endpoint).origin, accessKey, secretKey: secretOf(secret) };
}

/** A service that can't be asked as configured would leave the root key to a file, which is what its owner wanted to avoid. */
export function checkKeyService(values: Values): string[] {
  const { SLUICE_KMS: service, SLUICE_KMS_TOKEN: token, SLUICE_KMS_TOKEN_FILE: tokenFile } = values;
  if (service?.kind === 'transit' && (token === undefined) === (tokenFile === undefined))
    return ['SLUICE_KMS must come with either SLUICE_KMS_TOKEN or SLUICE_KMS_TOKEN_FILE'];
  const keys = [values.SLUICE_KMS_ACCESS_KEY, values.SLUICE_KMS_SECRET_KEY];
  if (service?.kind === 'aws-kms' && keys.includes(undefined))
    return ['SLUICE_KMS must come with SLUICE_KMS_ACCESS_KEY and SLUICE_KMS_SECRET_KEY'];
  return [];
}

function secretOf(text: string): KeyObject {
  return createSecretKey(Buffer.from(text));
}
