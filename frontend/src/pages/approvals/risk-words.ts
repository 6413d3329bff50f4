import type { HighRisk } from '@sluice/shared/api';

/** Why a request needs a second approver. */
export const riskWords: Readonly<Record<HighRisk, string>> = {
  money: 'it moves money',
  bulk: 'it may carry the records of many people',
  'new-vendor': 'nobody here approved this host before',
  wildcard: 'it asks for everything of a kind',
};
