import type { AuthInput } from '@sluice/shared/api';

export type OAuthAuth = Extract<AuthInput, { kind: 'oauth2' }>;

/** What goes onto a call itself: of an OAuth connection that is its access token. */
export type Credential = Exclude<AuthInput, OAuthAuth>;
