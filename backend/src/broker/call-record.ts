import type { CallRecord } from './call.js';

/** Of a call that has sent nothing yet. */
export function emptyRecord(of: Pick<CallRecord, 'host' | 'method' | 'path'>): CallRecord {
  return { ...of, status: null, bytesSent: 0, bytesReceived: 0, milliseconds: 0 };
}
