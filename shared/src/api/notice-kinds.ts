/** What members are told of. */
export const noticeKinds = [
  'run.failed',
  'step.in_doubt',
  'approval.asked',
  'grant.asked',
  'killswitch.set',
  'killswitch.lift_asked',
  'storage.near',
  'storage.full',
  'connection.due',
  'notice.undelivered',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];
