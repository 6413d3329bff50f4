import { z } from 'zod';
import { decrypt, encrypt, newMaterial } from './crypt.js';
import { type Answer, serve, type Trouble } from './serve.js';

export interface TransitStandIn extends Trouble {
  origin: string;
  asked: string[];
  /** A new version, as `vault write -f transit/keys/sluice/rotate` makes it. */
  rotate(): void;
  /** The key is made anew under its old name. */
  remake(): void;
  /** From now on this token alone is taken. */
  setToken(token: string): void;
}

const bodySchema = z.object({ plaintext: z.base64().optional(), ciphertext: z.string().optional() });

/** The transit engine of Vault and OpenBao with one key, `sluice`; it shares no code with the client. */
export async function startTransitStandIn(): Promise<TransitStandIn> {
  let versions = [newMaterial()];
  let token = 'hvs.first-token';

  const open = (text: string): Buffer | null => {
    const [, version = '', data = ''] = /^vault:v(\d+):(.+)$/.exec(text) ?? [];
    const key = versions[Number(version) - 1];
    return key === undefined ? null : decrypt(key, Buffer.from(data, 'base64'));
  };
  const close = (plaintext: Buffer): Answer => {
    const key = versions.at(-1) ?? newMaterial();
    const ciphertext = `vault:v${versions.length}:${encrypt(key, plaintext).toString('base64')}`;
    return { status: 200, body: { data: { ciphertext, key_version: versions.length } } };
  };
  const invalid: Answer = { status: 400, body: { errors: ['cipher: message authentication failed'] } };

  const service = await serve((req, bytes) => {
    if (req.headers['x-vault-token'] !== token) return { status: 403, body: { errors: ['permission denied'] } };
    const [, version, mount, verb = '', name] = (req.url ?? '').split('/');
    if (version !== 'v1' || mount !== 'transit') return { status: 404, body: { errors: ['no handler for route'] } };
    if (name !== 'sluice')
      return { status: verb === 'keys' ? 404 : 400, body: { errors: ['encryption key not found'] } };
    if (verb === 'keys') return { status: 200, body: { data: { name, latest_version: versions.length } } };
    const { plaintext = '', ciphertext = '' } = bodySchema.parse(JSON.parse(bytes.toString()));
    if (verb === 'encrypt') return close(Buffer.from(plaintext, 'base64'));
    const opened = open(ciphertext);
    if (opened === null) return invalid;
    if (verb === 'rewrap') return close(opened);
    return { status: 200, body: { data: { plaintext: opened.toString('base64') } } };
  });
  return {
    ...service,
    rotate() {
      versions = [...versions, newMaterial()];
    },
    remake() {
      versions = [newMaterial()];
    },
    setToken(next) {
      token = next;
    },
  };
}
