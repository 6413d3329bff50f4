import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { nextTimesQuery } from '../../api/queries.js';
import { NextTimes } from '../../ui/NextTimes.js';
import classes from './StepPanel.module.css';

/** When a pattern will start runs, while somebody writes it. */
export function SchedulePreview(props: { pattern: string; timeZone: string }) {
  const [asked] = useDebouncedValue(`${props.timeZone} ${props.pattern}`, 300);
  const at = asked.indexOf(' ');
  const next = useQuery(nextTimesQuery({ timeZone: asked.slice(0, at), pattern: asked.slice(at + 1) }));
  const zone = asked.slice(0, at);
  return (
    <section className={classes.below} aria-label="The next ten times" aria-live="polite">
      <h3 className="label">The next ten times, {zone}</h3>
      {next.isPending && <p className="voice-3">Working them out</p>}
      {next.isError && <p className="voice-3">They could not be read; they are asked for again at the next change.</p>}
      {next.data?.problem && <p className="voice-3">None yet: {next.data.problem}.</p>}
      {next.data && !next.isPlaceholderData && next.data.problem === null && (
        <NextTimes label="The next ten times" times={next.data.times} timeZone={zone} />
      )}
    </section>
  );
}
