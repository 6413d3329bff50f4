import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { CopyValue } from './Code.js';
import { Notice } from './Notice.js';

/** What could not be read, why, and what to do; the rest of the screen stays usable. */
export function LoadFailed(props: {
  what: string;
  message: string;
  requestId?: string | undefined;
  onRetry?: () => void;
  /** A way to somewhere that stands: a link to the list. */
  back?: React.ReactNode;
}) {
  return (
    <Notice
      tone="failed"
      title={`${props.what} could not be read`}
      action={
        <>
          {props.back}
          {props.onRetry && (
            <Button
              size="sm"
              variant="default"
              leftSection={<IconRefresh size={14} stroke={2} />}
              onClick={props.onRetry}
            >
              Try again
            </Button>
          )}
        </>
      }
    >
      {props.message}
      {props.requestId && (
        <>
          {' '}
          Request <code>{props.requestId}</code> <CopyValue value={props.requestId} label="request id" />
        </>
      )}
    </Notice>
  );
}
