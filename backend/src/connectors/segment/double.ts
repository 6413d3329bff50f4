import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Takes what names a user or an anonymous id. Unlike Segment it refuses a wrong write key: nobody could test with one that takes all. */
export function segmentDouble(): ServiceDouble {
  const take = (kind: string, needs?: string) => ({
    answer({ json, effect }: Parameters<Parameters<typeof standIn>[0]['routes'][string]['answer']>[0]) {
      if (typeof json.messageId !== 'string' || json.messageId.length >= 100)
        return reply(400, { success: false, message: 'malformed messageId' });
      if (json.userId === undefined && json.anonymousId === undefined)
        return reply(200, { success: false, code: 'no_user_anon_id' });
      if (needs !== undefined && typeof json[needs] !== 'string')
        return reply(200, { success: false, message: `${needs} is missing` });
      effect(`${kind} ${json.userId ?? json.anonymousId} ${needs === undefined ? '' : json[needs]}`.trim());
      return reply(200, { success: true });
    },
  });
  return standIn({
    host: 'api.segment.io',
    credential: (n) => ({
      kind: 'apiKey',
      in: 'username',
      name: 'Authorization',
      value: `double_write_key_${String(n).padStart(8, '0')}`,
    }),
    problem: (what) => ({ success: false, message: `Refused: ${what}` }),
    key: { field: 'messageId' },
    routes: {
      'POST /v1/track': take('track', 'event'),
      'POST /v1/page': take('page'),
      'POST /v1/identify': take('identify'),
      'POST /v1/group': take('group', 'groupId'),
    },
  });
}
