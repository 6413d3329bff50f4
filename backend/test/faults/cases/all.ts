import { databaseKilled } from './database-killed.js';
import { duplicates } from './duplicates.js';
import type { FaultCase } from './fault-case.js';
import { poison } from './poison.js';
import { rollingRestart } from './rolling-restart.js';
import { sleepingWorker } from './sleeping-worker.js';
import { takeOver } from './take-over.js';
import { wrongClock } from './wrong-clock.js';

export const faultCases: readonly FaultCase[] = [
  sleepingWorker,
  databaseKilled,
  duplicates,
  wrongClock,
  poison,
  rollingRestart,
  takeOver,
];
