/** An operation that makes no sense for the document it was meant for, in words that say why. Nothing was changed. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';

  constructor(
    /** Stable, e.g. `edge.would_make_circle`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
