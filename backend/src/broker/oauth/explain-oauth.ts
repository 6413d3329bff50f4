import * as oauth from 'oauth4webapi';
import { broke, CallEnded, refused } from '../refusal.js';

/** What an authorization server's own error codes mean for the person who owns the connection. */
const meanings: Readonly<Record<string, string>> = {
  invalid_grant: 'the authorization is used up, expired or was withdrawn: authorize the connection again',
  invalid_client: 'it does not know this client id and secret: enter them again',
  unauthorized_client: 'this client may not ask in this way: allow it at the service',
  invalid_scope: 'it does not grant these scopes to this client: ask for others',
  access_denied: 'somebody said no there',
};

/**
 * The CallEnded that an OAuth client's error stands for. Nothing that the server wrote is passed on but an error code of the
 * usual form: its text may quote a token.
 */
export function explainOAuth(error: unknown, host: string): CallEnded {
  if (error instanceof CallEnded) return error;
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    return refusedBy(host, error.error, error);
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) return refusedBy(host, 'invalid_client', error);
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return badAnswer(host, error);
  }
  throw error;
}

/** Whether only a person can mend it: asking again would be refused again. */
export function needsPerson({ failure }: CallEnded): boolean {
  return failure.code === 'broker.oauth_refused' || failure.code === 'broker.oauth_wider';
}

function refusedBy(host: string, code: string, cause: Error): CallEnded {
  const known = /^[a-z_]{1,40}$/.test(code) ? code : 'an error of its own';
  // RFC 6749, 4.1.2.1: these two pass by themselves.
  if (known === 'server_error' || known === 'temporarily_unavailable') {
    return broke(
      { code: 'broker.oauth_away', message: `${host} can't answer right now: ${known}.`, uncertain: false },
      cause,
    );
  }
  const meaning = Object.hasOwn(meanings, known) ? ` (${meanings[known]})` : '';
  return refused('broker.oauth_refused', `${host} refused the authorization with ${known}${meaning}.`);
}

function badAnswer(host: string, error: Error & { code?: unknown }): CallEnded {
  const sentences: Readonly<Record<string, string>> = {
    OAUTH_RESPONSE_IS_NOT_JSON: 'answered with something that is no JSON, such as a page for people',
    OAUTH_PARSE_ERROR: 'answered with JSON that is broken',
    OAUTH_RESPONSE_IS_NOT_CONFORM:
      'answered with a status that no authorization server answers with, such as a redirect',
    OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'calls itself by another issuer than the one that was asked',
    OAUTH_MISSING_SERVER_METADATA: 'does not say where its endpoints are',
  };
  const code = typeof error.code === 'string' ? error.code : '';
  const what = sentences[code] ?? 'answered in a way that OAuth 2.0 does not allow';
  return broke({ code: 'broker.oauth_bad_answer', message: `${host} ${what}.`, uncertain: false }, error);
}
