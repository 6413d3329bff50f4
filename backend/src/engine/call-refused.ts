/** Sluice itself refused a call: no grant, another host, a revoked connection. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';

  constructor(
    readonly code: string,
    message: string,
    /** Put off rather than refused: it may be made again after this. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
