import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { type Stop, stops } from './stops.js';
import type { Tour } from './use-tour.js';
import classes from './TourCard.module.css';

/** One stop in words; the desk frames the part it speaks of. The rest of the editor stays usable meanwhile. */
export function TourCard(props: { tour: Tour; stop: Stop }) {
  const { tour, stop } = props;
  const card = useRef<HTMLElement>(null);
  const end = useRef(tour.end);
  end.current = tour.end;
  useEffect(() => {
    const before = document.activeElement;
    card.current?.focus();
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      end.current();
    }
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      document.removeEventListener('keydown', onKeyDown, true);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const isLast = tour.at === stops.length - 1;
  return (
    <section ref={card} className={classes.card} aria-label="Tour of the editor" tabIndex={-1}>
      <div aria-live="polite" aria-atomic>
        <h2 className={classes.title}>{stop.title}</h2>
        <p className="voice-2">{stop.says}</p>
      </div>
      <div className={classes.foot}>
        <span className="label">
          {tour.at + 1} of {stops.length}
        </span>
        {!isLast && (
          <Button variant="subtle" size="sm" onClick={tour.end}>
            Skip the tour
          </Button>
        )}
        {tour.at > 0 && (
          <Button variant="default" size="sm" onClick={() => tour.go(tour.at - 1)}>
            Back
          </Button>
        )}
        <Button size="sm" onClick={() => tour.go(tour.at + 1)}>
          {isLast ? 'Begin to draw' : 'Next'}
        </Button>
      </div>
    </section>
  );
}
