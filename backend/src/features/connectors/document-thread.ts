import { parentPort } from 'node:worker_threads';
import { compareTexts, type DocumentJob, readText, type StoredTexts } from './read-text.js';

// What the thread of a DocumentReader runs.

export type ThreadJob = { read: DocumentJob } | { compare: StoredTexts };

parentPort?.once('message', (job: ThreadJob) =>
  parentPort?.postMessage('read' in job ? readText(job.read) : { changes: compareTexts(job.compare) }),
);
