import { House0001 } from './0001-house.js';
import { StepKinds0002 } from './0002-step-kinds.js';
import { Days0004 } from './0004-days.js';
import { StopsAndLimits0005 } from './0005-stops-and-limits.js';
import { ConnectionVersions0007 } from './0007-connection-versions.js';
import { Tenancy0008 } from './0008-tenancy.js';
import { GrantTerms0009 } from './0009-grant-terms.js';
import { Notices0012 } from './0012-notices.js';
import { Seal0013 } from './0013-seal.js';

/** In order; a released migration never changes. */
export const migrations = [
  House0001,
  StepKinds0002,
  Days0004,
  StopsAndLimits0005,
  ConnectionVersions0007,
  Tenancy0008,
  GrantTerms0009,
  Notices0012,
  Seal0013,
];
