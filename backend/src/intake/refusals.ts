/** What the door answers when it takes a delivery for no run: HTTP status and one sentence. */
export const refusals = {
  'sender.refused': [403, 'This endpoint takes no delivery from this address.'],
  'webhook.unsigned': [401, 'The delivery carries no signature of the kind this endpoint expects.'],
  'webhook.unsigned_refused': [401, 'This environment takes no delivery without a signature, or no longer does.'],
  'webhook.stale': [
    401,
    'The signed time is more than 300 seconds from now; send a fresh delivery and check the clock.',
  ],
  'webhook.no_secret': [
    401,
    'This endpoint has no signing secret in force; rotate its secret, then sign with the new one.',
  ],
  'webhook.wrong_signature': [401, 'The signature is wrong: sign the raw body with this endpoint’s secret.'],
  'request.too_large': [413, 'The delivery is larger than this endpoint takes: 1 MiB, or less where its flow says so.'],
  'request.file_too_large': [413, 'The file is larger than this endpoint takes; ask whoever runs it, or send less.'],
  'request.encoded': [415, 'Send the body as it is, without Content-Encoding.'],
  'request.wrong_type': [415, 'The content type is none of those that this endpoint takes.'],
  'request.not_json': [400, 'The body is not valid JSON, or is nested deeper than 200 levels.'],
  'request.too_slow': [408, 'The body did not arrive in time: 15 seconds for a value, 60 for a file.'],
  'request.too_many': [429, 'Too many deliveries for this endpoint; wait the seconds that Retry-After says.'],
  'deployment.none': [503, 'The flow behind this endpoint is not deployed right now; try again later.'],
  'delivery.stopped': [503, 'Deliveries to this address are stopped for now; try again later.'],
  'endpoint.unknown': [404, 'There is no such webhook endpoint.'],
  'request.wrong_method': [405, 'Deliveries are sent with POST.'],
  'storage.full': [
    507,
    'The workspace behind this endpoint has used all of its storage; the delivery was not taken. Try again later.',
  ],
  'server.busy': [
    503,
    'The server takes no more deliveries right now; try again after the seconds that Retry-After says.',
  ],
  'server.failed': [500, 'Something went wrong on our side; the delivery was not taken. Try again.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof refusals;
