import { Counter } from '../../backend/dist/broker/counter.js';
import { openDesk } from '../../backend/dist/broker/open-desk.js';
import { readConfig } from '../../backend/dist/config/env.js';
import { Log } from '../../backend/dist/platform/log.js';

/** As `backend/src/broker/child-link.ts`, with the broker in the caller's own process: for measuring what the other one costs. */
export function dialChild(env) {
  return ({ receive, lost }) => {
    let counter = null;
    openDesk(readConfig(env), env.DATABASE_URL, new Log('error')).then(
      (desk) => {
        counter = new Counter(desk, receive);
        counter.greet();
      },
      (error) => lost(String(error)),
    );
    return {
      send: (demands) => counter.receive(demands),
      close(why) {
        counter?.hangUp();
        lost(why);
      },
    };
  };
}
