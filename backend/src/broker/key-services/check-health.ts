import { type KeyHealth, type KeyService, KeyServiceAway } from '../../platform/keys/key-service.js';
import { SealBroken } from '../../platform/keys/gcm.js';
import { newKey } from '../../platform/keys/secret-key.js';

/** Wraps and unwraps a key of no use. */
export async function checkHealth(service: KeyService, now: () => number): Promise<KeyHealth> {
  const from = now();
  try {
    const { text } = await service.wrap(newKey(), 'health');
    await service.unwrap(text, 'health');
    return { ok: true, milliseconds: now() - from };
  } catch (error) {
    if (error instanceof KeyServiceAway || error instanceof SealBroken) return { ok: false, message: error.message };
    throw error;
  }
}
