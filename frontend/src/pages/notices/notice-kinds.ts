import type { NoticeKind } from '@sluice/shared/api';

/** What each kind is called where one chooses what to hear of. */
export const kindWords: Record<NoticeKind, { name: string; about: string }> = {
  'run.failed': { name: 'Runs that fail', about: 'Of flows you own or stand in for, where the flow says so' },
  'step.in_doubt': { name: 'Steps in doubt', about: 'An answer was lost, and somebody has to say what happened' },
  'approval.asked': { name: 'Decisions', about: 'A run asks one of your roles' },
  'grant.asked': { name: 'Approvals', about: 'A flow wants to be allowed something' },
  'killswitch.set': { name: 'Stops', about: 'Somebody set a kill switch' },
  'killswitch.lift_asked': { name: 'Lifting a stop', about: 'A second person has to confirm' },
  'storage.near': { name: 'Storage at 80 %', about: 'The workspace nears its quota' },
  'storage.full': { name: 'Storage used up', about: 'Nothing new is taken' },
  'connection.due': { name: 'Connections that are due', about: 'A credential expires or wants to be renewed' },
  'notice.undelivered': { name: 'Mails that did not arrive', about: 'In the product only' },
};
