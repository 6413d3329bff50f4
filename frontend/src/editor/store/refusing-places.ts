import type { Catalogue } from '@sluice/shared/connector';
import { type Boundaries, checkEnvironments, type FlowDocument, type FlowProblem } from '@sluice/shared/flow';

/** An environment that would refuse the flow, because it sends what may not leave from there. */
export interface RefusingPlace {
  readonly name: string;
  readonly problems: readonly FlowProblem[];
}

/** Which environments would refuse a flow, and why. What all of them refuse is among `problems`, which stop it from being published. */
export function refusingPlaces(
  of: { document: FlowDocument; catalogue: Catalogue; boundaries: Boundaries },
  problems: readonly FlowProblem[],
): RefusingPlace[] {
  const said = new Set(problems.filter(({ code }) => code === 'class.not_for_environment').map(keyOf));
  return checkEnvironments(of.document, of.catalogue, of.boundaries)
    .map((place) => ({ ...place, problems: place.problems.filter((problem) => !said.has(keyOf(problem))) }))
    .filter((place) => place.problems.length > 0);
}

/** The same, by step. */
export function refusalsByStep(places: readonly RefusingPlace[]): ReadonlyMap<string, readonly RefusingPlace[]> {
  const steps = new Set(places.flatMap(({ problems }) => problems.flatMap(({ step }) => step ?? [])));
  return new Map([...steps].map((id) => [id, ofStep(places, id)]));
}

function ofStep(places: readonly RefusingPlace[], id: string): RefusingPlace[] {
  return places.flatMap(({ name, problems }) => {
    const own = problems.filter(({ step }) => step === id);
    return own.length === 0 ? [] : [{ name, problems: own }];
  });
}

function keyOf({ step, path = [], class: held }: FlowProblem): string {
  return JSON.stringify([step, path, held]);
}
