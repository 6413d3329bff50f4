import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isSigned } from '../is-signed.js';
import { decrypt, encrypt, newMaterial } from './crypt.js';
import { type Answer, serve, type Trouble } from './serve.js';

export interface AwsKmsStandIn extends Trouble {
  origin: string;
  asked: string[];
  arn: string;
  accessKey: string;
  secretKey: string;
  /** As RotateKeyOnDemand does. */
  rotate(): void;
  remake(): void;
  setState(state: 'Enabled' | 'Disabled' | 'PendingDeletion'): void;
}

const context = z.record(z.string(), z.string()).default({});
const bodySchema = z.object({
  KeyId: z.string().optional(),
  Plaintext: z.base64().default(''),
  CiphertextBlob: z.base64().default(''),
  EncryptionContext: context,
  SourceKeyId: z.string().optional(),
  DestinationKeyId: z.string().optional(),
  SourceEncryptionContext: context,
  DestinationEncryptionContext: context,
});

/** AWS KMS with one symmetric key; it takes what is signed for it, and shares no code with the client. */
export async function startAwsKmsStandIn(): Promise<AwsKmsStandIn> {
  const arn = 'arn:aws:kms:eu-test-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const keys = { accessKey: 'AKTEST', secretKey: 'a secret of the test', service: 'kms' } as const;
  let materials = [{ id: randomUUID(), key: newMaterial() }];
  let state = 'Enabled';

  const aadOf = (given: Record<string, string>) =>
    JSON.stringify(Object.entries(given).toSorted(([one], [other]) => one.localeCompare(other)));
  const open = (blob: string, given: Record<string, string>): Buffer | null => {
    for (const { key } of materials) {
      const opened = decrypt(key, Buffer.from(blob, 'base64'), aadOf(given));
      if (opened !== null) return opened;
    }
    return null;
  };
  const close = (plaintext: Buffer, given: Record<string, string>): Answer => {
    const key = materials.at(-1)?.key ?? newMaterial();
    return {
      status: 200,
      body: { KeyId: arn, CiphertextBlob: encrypt(key, plaintext, aadOf(given)).toString('base64') },
    };
  };
  const refuse = (type: string): Answer => ({ status: 400, body: { __type: type, message: 'refused' } });

  const service = await serve((req, bytes) => {
    if (!isSigned(req, bytes, keys)) return refuse('AccessDeniedException');
    const operation = String(req.headers['x-amz-target']).replace('TrentService.', '');
    const body = bodySchema.parse(JSON.parse(bytes.toString()));
    const named = operation === 'ReEncrypt' ? [body.SourceKeyId, body.DestinationKeyId] : [body.KeyId];
    if (named.some((id) => id !== arn)) return refuse('NotFoundException');
    if (operation === 'DescribeKey') {
      const KeyMetadata = { Arn: arn, KeyState: state, CurrentKeyMaterialId: materials.at(-1)?.id };
      return { status: 200, body: { KeyMetadata } };
    }
    if (state !== 'Enabled') return refuse(state === 'Disabled' ? 'DisabledException' : 'KMSInvalidStateException');
    if (operation === 'Encrypt') return close(Buffer.from(body.Plaintext, 'base64'), body.EncryptionContext);
    const isMove = operation === 'ReEncrypt';
    const opened = open(body.CiphertextBlob, isMove ? body.SourceEncryptionContext : body.EncryptionContext);
    if (opened === null) return refuse('InvalidCiphertextException');
    if (isMove) return close(opened, body.DestinationEncryptionContext);
    return { status: 200, body: { KeyId: arn, Plaintext: opened.toString('base64') } };
  });
  return {
    ...service,
    ...keys,
    arn,
    rotate() {
      materials = [...materials, { id: randomUUID(), key: newMaterial() }];
    },
    remake() {
      materials = [{ id: randomUUID(), key: newMaterial() }];
    },
    setState(next) {
      state = next;
    },
  };
}
