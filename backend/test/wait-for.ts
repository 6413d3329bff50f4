/** Settles with the first answer that isn't undefined; rejects after `ms`. For states that nothing announces. */
export async function waitFor<T>(look: () => Promise<T | undefined> | T | undefined, ms = 15_000): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error('What was waited for did not come.');
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
