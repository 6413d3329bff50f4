import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../../lib/typing.js';
import { allPlaces } from './places.js';

/** G, then a letter within 1.5 s, goes to a screen. */
export function useGoKeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let armedAt: number | null = null;
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const isArmed = armedAt !== null && event.timeStamp - armedAt < 1500;
      armedAt = !isArmed && event.key === 'g' ? event.timeStamp : null;
      const place = isArmed ? allPlaces.find(({ key }) => key === event.key) : undefined;
      if (!place) return;
      // Pages have letters of their own (A approves): this press is spent here.
      event.preventDefault();
      event.stopPropagation();
      void navigate({ to: place.to });
    }
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [navigate]);
}
