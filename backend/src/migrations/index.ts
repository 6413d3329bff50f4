import { House0001 } from './0001-house.js';
import { StepKinds0002 } from './0002-step-kinds.js';
import { Days0004 } from './0004-days.js';
import { StopsAndLimits0005 } from './0005-stops-and-limits.js';
import { KeyVersions0006 } from './0006-key-versions.js';
import { ConnectionVersions0007 } from './0007-connection-versions.js';
import { Tenancy0008 } from './0008-tenancy.js';
import { GrantTerms0009 } from './0009-grant-terms.js';
import { Notices0012 } from './0012-notices.js';
import { Seal0013 } from './0013-seal.js';
import { ImportedConnectors0019 } from './0019-imported-connectors.js';
import { LogOutside0021 } from './0021-log-outside.js';
import { BulkRetry0022 } from './0022-bulk-retry.js';
import { SecondLooks0023 } from './0023-second-looks.js';
import { BusinessKey0025 } from './0025-business-key.js';
import { LogKeys0026 } from './0026-log-keys.js';
import { LogSearch0027 } from './0027-log-search.js';
import { HeldLately0028 } from './0028-held-lately.js';
import { GrantedReplies0029 } from './0029-granted-replies.js';
import { Schedules0030 } from './0030-schedules.js';
import { Polls0031 } from './0031-polls.js';
import { FlowPresence0032 } from './0032-flow-presence.js';
import { SelfCheck0033 } from './0033-self-check.js';
import { DeadLetters0034 } from './0034-dead-letters.js';
import { SavedViews0035 } from './0035-saved-views.js';
import { HeldRetries0036 } from './0036-held-retries.js';
import { AccessReviews0037 } from './0037-access-reviews.js';
import { Erasures0038 } from './0038-erasures.js';
import { Replays0039 } from './0039-replays.js';
import { AccessTold0041 } from './0041-access-told.js';

/** In order; a released migration never changes. */
export const migrations = [
  House0001,
  StepKinds0002,
  Days0004,
  StopsAndLimits0005,
  KeyVersions0006,
  ConnectionVersions0007,
  Tenancy0008,
  GrantTerms0009,
  Notices0012,
  Seal0013,
  ImportedConnectors0019,
  LogOutside0021,
  BulkRetry0022,
  SecondLooks0023,
  BusinessKey0025,
  LogKeys0026,
  LogSearch0027,
  HeldLately0028,
  GrantedReplies0029,
  Schedules0030,
  Polls0031,
  FlowPresence0032,
  SelfCheck0033,
  DeadLetters0034,
  SavedViews0035,
  HeldRetries0036,
  AccessReviews0037,
  Erasures0038,
  Replays0039,
  AccessTold0041,
];
