import { Button } from '@mantine/core';
import { connectionsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import classes from './Connections.module.css';

// As the service wrote it: the router would read and write numbers in it its own way.
const arrivedWith = window.location.search.slice(1);

/** Where a service sends the browser back to. What it brought works once and only in the session that began with it. */
export function ReturnPage() {
  const navigate = useNavigate();
  // Kept: the address loses it at once.
  const [query] = useState(() => arrivedWith || window.location.search.slice(1));
  const finish = useQuery({
    queryKey: ['authorization', query],
    queryFn: () => call(connectionsApi.finishAuthorization, { body: { query } }),
    enabled: query !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const connection = finish.data?.missing.length === 0 ? finish.data.connection : null;
  useEffect(() => {
    // The code stays in no history.
    window.history.replaceState(window.history.state, '', '/oauth/callback');
    if (connection) void navigate({ to: '/connections', search: { open: connection }, replace: true });
  }, [connection, navigate]);
  const toList = (
    <Button variant="default" onClick={() => void navigate({ to: '/connections', search: {}, replace: true })}>
      To the connections
    </Button>
  );
  return (
    <Page title="Authorization" subtitle="The service sent you back.">
      <div className={classes.arrived}>
        {finish.isFetching && <LoadingRows what="the authorization" />}
        {query === '' && (
          <Notice tone="quiet" title="There is nothing to finish here" action={toList}>
            Authorize a connection from its panel.
          </Notice>
        )}
        {finish.error && (
          <Notice tone="failed" title="It was not authorized" action={toList}>
            {toProblem(finish.error).message} Nothing of what came back is used.
          </Notice>
        )}
        {finish.data && finish.data.missing.length > 0 && (
          <Notice
            tone="waiting"
            title="Authorized, for less than was asked"
            action={
              <Button
                onClick={() =>
                  void navigate({ to: '/connections', search: { open: finish.data.connection }, replace: true })
                }
              >
                Show it
              </Button>
            }
          >
            Not granted: {finish.data.missing.join(', ')}. Steps that need them will be refused by the service.
          </Notice>
        )}
      </div>
    </Page>
  );
}
