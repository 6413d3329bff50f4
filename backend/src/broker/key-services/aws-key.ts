import { hash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { SealBroken } from '../../platform/keys/gcm.js';
import { type KeyHealth, type KeyService, KeyServiceAway, type Wrapped } from '../../platform/keys/key-service.js';
import { takeKey } from '../../platform/keys/secret-key.js';
import { signV4 } from '../sign-v4.js';
import { checkHealth } from './check-health.js';
import { GuardedLine, type LineOptions } from './guarded-line.js';

interface AwsKeyOptions extends LineOptions {
  arn: string;
  region: string;
  accessKey: string;
  secretKey: KeyObject;
}

const keySchema = z.object({
  KeyMetadata: z.object({ KeyState: z.string(), CurrentKeyMaterialId: z.string().optional() }),
});
const blobSchema = z.object({ CiphertextBlob: z.base64() });
const plaintextSchema = z.object({ Plaintext: z.base64() });
const errorSchema = z.object({ __type: z.string() });

/** Of the ciphertext, not of the service. */
const broken = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);
/** The service's own trouble, told with 400. */
const passing = new Set(['ThrottlingException', 'KeyUnavailableException', 'LimitExceededException']);

/**
 * A root key in AWS KMS (https://docs.aws.amazon.com/kms/latest/APIReference/). The place is the encryption context: KMS
 * refuses to decrypt without it, and CloudTrail shows it.
 */
export class AwsKey implements KeyService {
  readonly fingerprint: string;
  readonly name: string;
  readonly #line: GuardedLine;
  readonly #options: AwsKeyOptions;

  constructor(options: AwsKeyOptions) {
    this.#options = options;
    this.#line = new GuardedLine(options);
    this.name = `the key ${options.arn}`;
    this.fingerprint = hash('sha256', options.arn).slice(0, 16);
  }

  /** KMS names the material of the key since it rotates on demand; before that a key had but one name. */
  async currentVersion(): Promise<string> {
    const { KeyMetadata: key } = await this.#ask('DescribeKey', {}, keySchema);
    if (key.KeyState !== 'Enabled') throw new KeyServiceAway(this.#explain('', key.KeyState));
    return key.CurrentKeyMaterialId ?? '1';
  }

  async wrap(key: KeyObject, place: string): Promise<Wrapped> {
    const version = await this.currentVersion();
    const bytes = key.export();
    const Plaintext = bytes.toString('base64');
    bytes.fill(0);
    const { CiphertextBlob: text } = await this.#ask('Encrypt', { Plaintext, ...context(place) }, blobSchema);
    return { text, version };
  }

  async unwrap(text: string, place: string): Promise<KeyObject> {
    const asked = { CiphertextBlob: text, ...context(place) };
    const { Plaintext } = await this.#ask('Decrypt', asked, plaintextSchema);
    return takeKey(Buffer.from(Plaintext, 'base64'));
  }

  async rewrap(text: string, place: string): Promise<Wrapped> {
    const version = await this.currentVersion();
    const { arn } = this.#options;
    const { EncryptionContext: same } = context(place);
    const { CiphertextBlob } = await this.#ask(
      'ReEncrypt',
      {
        CiphertextBlob: text,
        SourceKeyId: arn,
        DestinationKeyId: arn,
        SourceEncryptionContext: same,
        DestinationEncryptionContext: same,
      },
      blobSchema,
    );
    return { text: CiphertextBlob, version };
  }

  async health(): Promise<KeyHealth> {
    return await checkHealth(this, this.#options.now);
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  async #ask<T>(operation: string, asked: object, schema: z.ZodType<T>): Promise<T> {
    const { arn, now } = this.#options;
    const body = JSON.stringify(operation === 'ReEncrypt' ? asked : { KeyId: arn, ...asked });
    const answer = await this.#line.ask(() => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` };
      const request = { method: 'POST', host: this.#line.label, path: '/', headers, body: Buffer.from(body) } as const;
      const { headers: signed } = signV4(request, { ...this.#options, service: 'kms' }, now());
      return { method: 'POST', path: '/', headers: signed, body };
    });
    const parsed = schema.safeParse(answer.body);
    if (answer.status === 200 && parsed.success) return parsed.data;
    const type = errorSchema.safeParse(answer.body).data?.__type.split('#').at(-1) ?? `status ${answer.status}`;
    if (broken.has(type)) throw new SealBroken(type);
    throw new KeyServiceAway(this.#explain(operation, type));
  }

  #explain(operation: string, type: string): string {
    const { arn, origin } = this.#options;
    if (passing.has(type)) return `AWS KMS is too busy (${type}): nothing is sealed or opened until it answers again.`;
    if (type === 'NotFoundException') return `AWS KMS at ${origin} has no key ${arn}: correct SLUICE_KMS.`;
    if (/^(KMSInvalidState|Disabled)Exception$|^(Disabled|Pending|Unavailable)/.test(type))
      return `The key ${arn} can't be used (${type}): enable it in AWS KMS, or cancel its deletion.`;
    return `AWS KMS refuses ${operation} with ${arn} (${type}): check SLUICE_KMS_ACCESS_KEY, and that its policy allows kms:DescribeKey, kms:Encrypt, kms:Decrypt and kms:ReEncrypt*.`;
  }
}

function context(place: string): { EncryptionContext: { place: string } } {
  return { EncryptionContext: { place } };
}
