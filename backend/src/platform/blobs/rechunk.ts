/** The same bytes in pieces of `size`; the last one, which `isLast` tells, holds what is left and may be empty. */
export async function* rechunk(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of source) {
    parts.push(chunk);
    held += chunk.length;
    // One that is just full may be the last.
    if (held <= size) continue;
    const all = Buffer.concat(parts, held);
    let at = 0;
    for (; held - at > size; at += size) yield { piece: all.subarray(at, at + size), isLast: false };
    parts = [all.subarray(at)];
    held -= at;
  }
  yield { piece: Buffer.concat(parts, held), isLast: true };
}
