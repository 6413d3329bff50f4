import { Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { inboxQuery, meQuery } from '../../api/queries.js';
import { formatTime } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { useEditor } from '../store/editor-context.js';
import { useFlowId } from '../store/flow-id.js';
import { useTrial } from './use-trial.js';

const sample = 'sample';

/** What a trial begins with: the sample of the drawing, or a delivery that came in. */
export function TrialData(props: { withinPortal?: boolean }) {
  const trial = useTrial();
  const flow = useFlowId();
  const hasOwn = useEditor((state) => state.sampleBody !== undefined);
  const mayRead = useQuery(meQuery()).data?.permissions.includes('inbox.read') ?? false;
  const { environment } = trial;
  const events = useInfiniteQuery({
    ...inboxQuery({ flow, ...(environment === null ? {} : { environment }), status: 'accepted' }),
    enabled: mayRead && environment !== null,
  });
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Select
      label="With"
      data={[
        { value: sample, label: hasOwn ? 'Your own sample' : 'The sample of the trigger' },
        ...items.slice(0, 20).map(({ id, receivedAt, messageId }) => ({
          value: id,
          label: `Event of ${formatTime(new Date(receivedAt), now())}${messageId === null ? '' : `, ${messageId}`}`,
        })),
      ]}
      value={trial.event ?? sample}
      onChange={(value) => trial.chooseEvent(value === sample ? null : value)}
      allowDeselect={false}
      comboboxProps={{ withinPortal: props.withinPortal ?? true }}
    />
  );
}
