import autocannon from 'autocannon';

/** Sends signed events over so many connections for so many seconds. `body` makes the text of the next one. */
export async function load({ target, body, connections, seconds }) {
  const result = await autocannon({
    url: target.url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        setupRequest: (request) => {
          const text = body();
          return { ...request, headers: target.headers(text), body: text };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} answers were no 2xx, ${result.errors} requests failed`);
  }
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    count: result['2xx'],
  };
}

export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** A count that did not move for this long has settled. */
export const stillMs = 1000;

/** Waits until a count stands still for a second; answers it. */
export async function settled(count) {
  for (let last = count(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, stillMs));
    const now = count();
    if (now === last) return now;
    last = now;
  }
}
