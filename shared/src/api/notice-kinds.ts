/** What members are told of. */
export const noticeKinds = [
  'run.failed',
  'schedule.missed',
  'step.in_doubt',
  'approval.asked',
  'grant.asked',
  'grant.emergency',
  'grant.ending',
  'policy.asked',
  'policy.loosened',
  'killswitch.set',
  'killswitch.lift_asked',
  'storage.near',
  'storage.full',
  'connection.due',
  'connection.lost',
  'connection.scopes',
  'poll.failed',
  'egress.refused',
  'log.alarm',
  'notice.undelivered',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];
