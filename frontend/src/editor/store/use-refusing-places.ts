import { checkEnvironment } from '@sluice/shared/flow';
import { useMemo } from 'react';
import { useEditor } from '../store/editor-context.js';

/** The environments that would refuse the flow as it is drawn, each with why. */
export function useRefusingPlaces(): { name: string; why: string }[] {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const boundaries = useEditor((state) => state.boundaries);
  return useMemo(
    () =>
      boundaries.environments.flatMap((environment) => {
        const refused = checkEnvironment({ document, catalogue, boundaries }, environment);
        return refused.length === 0
          ? []
          : [{ name: environment.name, why: refused.map(({ message }) => message).join('\n') }];
      }),
    [document, catalogue, boundaries],
  );
}
