import { type AuthInput, authInputSchema } from '@sluice/shared/api';
import { z } from 'zod';

/** A pair that was made here, as OpenSSH writes its private half. */
const sshKeySchema = z.strictObject({
  kind: z.literal('sshKey'),
  username: z.string(),
  privateKey: z.string(),
  /** As it stands in an authorized_keys file. */
  publicKey: z.string(),
});

// The last is what is entered of a pair: its private half is made here.
const [none, bearer, basic, apiKey, signing, secretUrl, sigV4, oauth2, hmacKey] = authInputSchema.options;

/** What is sealed: what was entered, or made in its place. */
const sealedSchema = z.discriminatedUnion('kind', [
  none,
  bearer,
  basic,
  apiKey,
  signing,
  secretUrl,
  sigV4,
  oauth2,
  hmacKey,
  sshKeySchema,
]);
export type SealedAuth = z.output<typeof sealedSchema>;

export function readSealed(text: string): SealedAuth {
  return sealedSchema.parse(JSON.parse(text));
}

export type OAuthAuth = Extract<AuthInput, { kind: 'oauth2' }>;

/** What goes onto a call itself: of an OAuth connection that is its access token. */
export type Credential = Exclude<SealedAuth, OAuthAuth>;
