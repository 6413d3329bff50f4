import { readFileSync } from 'node:fs';
import type { Config } from '../config/env.js';
import { KeyServiceAway, type KeyService } from '../platform/keys/key-service.js';
import { givenRootKey, listRootKeyFiles, loadRootKeyFile, replaceRootKeyFile } from '../platform/keys/root-key.js';
import { type RootKeySet, RootKeys } from '../platform/keys/root-keys.js';
import { AwsKey } from './key-services/aws-key.js';
import type { HostPort } from './egress/host-port.js';
import { placeOf } from './key-services/guarded-line.js';
import { TransitKey } from './key-services/transit-key.js';

type Given = Pick<Config, 'keyService' | 'rootKey' | 'rootKeyBefore' | 'dataDir' | 'allowPrivateHosts'>;

/**
 * The root keys that the configuration names: a key service, else the variable, else the file in the data folder. Those
 * that are named beside it still open what they sealed. Throws StartProblem.
 */
export async function openRootKeys(config: Given, now: () => number): Promise<RootKeys> {
  const service = config.keyService === null ? null : openKeyService(config.keyService, { ...config, now });
  const given = config.rootKey === null ? null : givenRootKey(config.rootKey);
  const before = config.rootKeyBefore === null ? null : givenRootKey(config.rootKeyBefore, 'SLUICE_ROOT_KEY_BEFORE');
  const read = async (): Promise<RootKeySet> => {
    const first = service ?? given ?? (await loadRootKeyFile(config.dataDir));
    const others = [given, before, ...(await listRootKeyFiles(config.dataDir))].filter((key) => key !== null);
    return { current: first, before: others.filter(({ fingerprint }) => fingerprint !== first.fingerprint) };
  };
  const isOurs = service === null && given === null;
  return await RootKeys.open(read, isOurs ? () => replaceRootKeyFile(config.dataDir) : null);
}

/** Where the key service is: no call of a flow reaches it, since with its token everything could be opened. */
export function keyServicePlaces({ keyService }: Pick<Config, 'keyService'>): HostPort[] {
  return keyService === null ? [] : [placeOf(keyService.kind === 'transit' ? keyService.origin : keyService.endpoint)];
}

function openKeyService(
  service: NonNullable<Config['keyService']>,
  common: { allowPrivateHosts: readonly string[]; now: () => number },
): KeyService {
  const { allowPrivateHosts, now } = common;
  if (service.kind === 'aws-kms') return new AwsKey({ ...service, origin: service.endpoint, allowPrivateHosts, now });
  return new TransitKey({ ...service, allowPrivateHosts, now, token: tokenOf(service) });
}

/** An agent renews the file: it is read again when the service refuses what it held. */
function tokenOf({ token, tokenFile }: Extract<Config['keyService'], { kind: 'transit' }>): (again: boolean) => string {
  if (tokenFile === null) return () => token?.export().toString('utf8') ?? '';
  let kept: string | null = null;
  return (again) => {
    if (kept !== null && !again) return kept;
    try {
      kept = readFileSync(tokenFile, 'utf8').trim();
    } catch (cause) {
      throw new KeyServiceAway(`The token file ${tokenFile} can't be read: correct SLUICE_KMS_TOKEN_FILE.`, { cause });
    }
    return kept;
  };
}
