import type { RunPass } from '@sluice/shared/api';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { passesPageQuery } from '../../api/queries.js';
import type { OpenedPass } from './run-rows.js';

interface Chosen extends OpenedPass {
  /** Of the page that it was found on, so that it can be read again while the run goes on. */
  cursor: string | undefined;
}

/** The passes that are being looked into: one for each loop. */
export function useOpenedPasses(run: string) {
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const fresh = useQueries({
    queries: chosen.map(({ loop, cursor }) => passesPageQuery({ run, step: loop, cursor })),
  });
  const opened = chosen.map(({ loop, pass }, at): OpenedPass => {
    const read = fresh[at]?.data?.items.find((each) => each.at === pass.at);
    return { loop, pass: read ?? pass };
  });
  return {
    opened,
    open(loop: string, pass: RunPass, cursor: string | undefined) {
      setChosen((before) => [...before.filter((each) => each.loop !== loop), { loop, pass, cursor }]);
    },
    close(loop: string) {
      setChosen((before) => before.filter((each) => each.loop !== loop));
    },
  };
}
