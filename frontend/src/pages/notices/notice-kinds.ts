import type { NoticeKind } from '@sluice/shared/api';

/** What each kind is called where one chooses what to hear of. */
export const kindWords: Record<NoticeKind, { name: string; about: string }> = {
  'run.failed': { name: 'Runs that fail', about: 'Of flows you own or stand in for, where the flow says so' },
  'schedule.missed': {
    name: 'Runs that did not begin',
    about: 'A flow you own or stand in for was due at a set time, and no run started',
  },
  'step.in_doubt': { name: 'Steps in doubt', about: 'An answer was lost, and somebody has to say what happened' },
  'approval.asked': { name: 'Decisions', about: 'A run asks one of your roles' },
  'grant.asked': { name: 'Approvals', about: 'A flow wants to be allowed something' },
  'grant.emergency': { name: 'Emergency approvals', about: 'One person approved something alone, for an hour' },
  'grant.ending': {
    name: 'Approvals that end',
    about: 'Of flows you own or stand in for: soon, and when it has ended',
  },
  'policy.asked': { name: 'Rules to be loosened', about: 'A second person has to confirm' },
  'policy.loosened': { name: 'Rules that were loosened', about: 'Less is asked in an environment than before' },
  'killswitch.set': { name: 'Stops', about: 'Somebody set a kill switch' },
  'killswitch.lift_asked': { name: 'Lifting a stop', about: 'A second person has to confirm' },
  'storage.near': { name: 'Storage at 80 %', about: 'The workspace nears its quota' },
  'storage.full': { name: 'Storage used up', about: 'Nothing new is taken' },
  'connection.due': { name: 'Connections that are due', about: 'A credential expires or wants to be renewed' },
  'connection.lost': { name: 'Lost authorizations', about: 'A connection of yours has to be authorized again' },
  'connection.scopes': {
    name: 'Scopes wider than approved',
    about: 'A service grants a connection of yours more than it should',
  },
  'poll.failed': {
    name: 'Looks for news that fail',
    about: 'A trigger of a flow you own or stand in for can not ask its service',
  },
  'egress.refused': { name: 'Refused calls', about: 'Many calls within a minute went where they may not' },
  'access_review.due': {
    name: 'Access to be looked at',
    about: 'What members may do is due for a look: two weeks before, and when it is',
  },
  'log.alarm': { name: 'Alarms of the log', about: 'It is sealed no more, or a witness keeps another one' },
  'notice.undelivered': { name: 'Mails that did not arrive', about: 'In the product only' },
};
