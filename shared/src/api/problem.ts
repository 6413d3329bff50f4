import { z } from 'zod';

/** Every refusal's code, with its HTTP status and the sentence that stands when a place has nothing better to say. */
export const problems = {
  'request.invalid': [400, 'The request is not in the form this endpoint takes; see issues.'],
  'request.not_json': [400, 'The body is not valid JSON.'],
  'request.too_large': [413, 'The body is larger than this endpoint takes.'],
  'request.wrong_type': [415, 'Send the body as application/json.'],
  'request.too_many': [429, 'Too many requests; wait the seconds that Retry-After says.'],
  'request.origin': [403, 'Writes with a session must come from the address of this installation.'],
  'request.key_reused': [409, 'This Idempotency-Key was used for another request; take a new one.'],
  'request.in_progress': [409, 'A request with this Idempotency-Key is still being answered; ask again.'],
  'route.unknown': [404, 'There is no such endpoint.'],
  'auth.required': [401, 'Sign in first.'],
  'auth.second_factor_required': [401, 'Type the code of your authenticator to finish signing in.'],
  'auth.enrolment_required': [403, 'Set up your second factor first.'],
  'auth.wrong_credentials': [401, 'E-mail or password is wrong.'],
  'auth.wrong_code': [401, 'That code is not right, or was used before. Wait for the next one.'],
  'auth.locked': [429, 'Too many wrong tries; wait, then try again.'],
  'auth.factor_disabled': [
    403,
    'The second factor was switched off after 100 wrong codes; use a recovery code or ask an owner.',
  ],
  'auth.step_up_required': [403, 'This needs a fresh code of your authenticator; confirm it, then repeat.'],
  'auth.setup_link_invalid': [403, 'This set-up link is used, expired or wrong; restart the server for a new one.'],
  'auth.weak_password': [422, 'Choose another password; see issues.'],
  'access.denied': [403, 'Your roles do not allow this.'],
  'member.unknown': [404, 'There is no such member.'],
  'member.email_taken': [409, 'Somebody in this workspace has that e-mail.'],
  'member.last_owner': [409, 'The workspace needs at least one owner.'],
  'session.unknown': [404, 'There is no such session.'],
  'environment.unknown': [404, 'There is no such environment.'],
  'environment.exists': [409, 'There is an environment of that name.'],
  'connector.unknown': [404, 'There is no such connector.'],
  'connection.unknown': [404, 'There is no such connection.'],
  'connection.revoked': [409, 'This connection was revoked; make a new one.'],
  'connection.invalid': [422, 'The connection does not fit its connector; see issues.'],
  'connection.test_failed': [422, 'The service did not accept this connection.'],
  'flow.unknown': [404, 'There is no such flow.'],
  'flow.changed_elsewhere': [409, 'Somebody changed this draft meanwhile; load it again.'],
  'flow.invalid_document': [422, 'The flow document is not valid; see issues.'],
  'flow.has_problems': [422, 'The flow has problems that stop it from being published; see issues.'],
  'version.unknown': [404, 'There is no such version of this flow.'],
  'deployment.unknown': [404, 'There is no such deployment.'],
  'deployment.binding_missing': [422, 'Each slot needs a connection of its connector in this environment; see issues.'],
  'deployment.none': [409, 'The flow is not deployed in this environment.'],
  'deployment.scheme_refused': [422, 'A webhook without a signature is allowed in dev only.'],
  'grant.unknown': [404, 'There is no such grant.'],
  'grant.not_pending': [409, 'This request was decided already.'],
  'grant.not_active': [409, 'This grant is not active.'],
  'grant.own_request': [403, 'Somebody else has to approve what you asked for.'],
  'grant.too_early': [403, 'With a single approver the request must wait; the answer says until when.'],
  'grant.wider': [422, 'Limits can only narrow what was asked for.'],
  'endpoint.unknown': [404, 'There is no such webhook endpoint.'],
  'run.unknown': [404, 'There is no such run.'],
  'run.not_cancellable': [409, 'The run has ended already.'],
  'run.not_in_doubt': [409, 'This step is not in doubt.'],
  'event.unknown': [404, 'There is no such trigger event.'],
  'event.not_replayable': [409, 'This event cannot be replayed while the reason it was refused for stands.'],
  'storage.full': [
    507,
    'This workspace has used all of its storage, so nothing new is taken; ask for a larger quota, or keep runs for fewer days.',
  ],
  'audit.unreadable': [503, 'The audit log could not be read; nothing was changed.'],
  'server.busy': [503, 'The server takes no more work right now; try again after the seconds that Retry-After says.'],
  'server.failed': [500, 'Something went wrong on our side; tell an admin the request id.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

export const issueSchema = z.object({ path: z.string(), message: z.string(), step: z.string().optional() });
export type Issue = z.output<typeof issueSchema>;

/** The body of every answer that is no success. */
export const problemBodySchema = z.object({
  code: z.string(),
  message: z.string(),
  requestId: z.string(),
  issues: z.array(issueSchema).optional(),
});
export type ProblemBody = z.output<typeof problemBodySchema>;
