/** Why nothing is sealed any more. `message` says what was found and what to do. */
export class SealTrouble extends Error {
  override readonly name = 'SealTrouble';
}
