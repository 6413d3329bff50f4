import type { BytesGiven, bytesWritten } from './given-bytes.js';

export const hmacAlgorithms = ['sha256', 'sha512'] as const;

/** What the connection's key is to sign: the broker does it, and nothing is sent anywhere. */
export interface SignRequest {
  algorithm: (typeof hmacAlgorithms)[number];
  text: string;
  given: BytesGiven;
  as: (typeof bytesWritten)[number];
}

export interface SignReply {
  signature: string;
}
