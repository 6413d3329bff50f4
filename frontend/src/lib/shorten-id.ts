/** An id shortened in the middle: `run_01J9Z3…8Kew3f`. Short ones stay whole. */
export function shortenId(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 10)}…${id.slice(-6)}`;
}

/** A hash as four groups of four: `9f2c 41aa 07d3 b8e1`. */
export function shortHash(hash: string): string {
  const hex = hash.replace(/^sha256[:-]/, '');
  return (
    hex
      .slice(0, 16)
      .match(/.{1,4}/g)
      ?.join(' ') ?? hex
  );
}
