/** Why a step could not be carried out as written: an expression failed, or gave what the step can't use. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';

  constructor(
    /** Stable, e.g. `wait.seconds_invalid`, or the expression's own code. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
