import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useLiveWorkspace } from '../../api/live.js';
import { meQuery } from '../../api/queries.js';
import { LoadingPage } from '../../ui/Loading.js';
import { TopBarExtra } from '../../ui/top-bar-extra.js';
import { StepUpClock } from '../step-up/StepUpClock.js';
import { StepUpProvider } from '../step-up/StepUpProvider.js';
import { Find } from './Find.js';
import { ForbiddenPage } from './ForbiddenPage.js';
import { Navigation } from './Navigation.js';
import { PhoneBar } from './PhoneBar.js';
import { Banners } from './Banners.js';
import { placeAt } from './places.js';
import { useGoKeys } from './use-go-keys.js';
import classes from './Shell.module.css';

const clock = <StepUpClock />;

/** What stands around every signed-in screen. */
export function Shell() {
  const live = useLiveWorkspace();
  const isEditor = useRouterState({ select: (state) => /^\/flows\/[^/]+/.test(state.location.pathname) });
  useGoKeys();
  return (
    <StepUpProvider>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <div className={classes.shell} data-rail={isEditor || undefined}>
        <Navigation isRail={isEditor} />
        <div className={classes.middle}>
          <Banners live={live} />
          <main id="main" tabIndex={-1} className={classes.main}>
            <Suspense fallback={<LoadingPage />}>
              <TopBarExtra value={clock}>
                <Allowed />
              </TopBarExtra>
            </Suspense>
          </main>
        </div>
        <PhoneBar />
      </div>
      <Find />
    </StepUpProvider>
  );
}

/** The page, for whoever may see it. */
function Allowed() {
  const me = useSuspenseQuery(meQuery()).data;
  const place = placeAt(useRouterState({ select: (state) => state.location.pathname }));
  return place && !me.permissions.includes(place.needs) ? <ForbiddenPage place={place} me={me} /> : <Outlet />;
}
