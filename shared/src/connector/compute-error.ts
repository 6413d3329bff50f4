/**
 * Why a computation gives nothing: one sentence that says where and what to do. It ends up in the run's error, so it
 * quotes names and places, and no value.
 */
export class ComputeError extends Error {
  override readonly name = 'ComputeError';
}
