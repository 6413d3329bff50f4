import type { RunNews } from '../engine/carrier.js';

/** The run's news, or null when the time is over. */
export function newsOf(ms: number): { news: Promise<RunNews | null>; tell: (news: RunNews) => void; stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<RunNews | null>();
  const timer = setTimeout(() => resolve(null), ms);
  const stop = () => clearTimeout(timer);
  return {
    news: promise,
    tell(news) {
      stop();
      resolve(news);
    },
    stop,
  };
}
