/** What becomes of set times that went by while nobody was there to start their runs: the last one runs, none does, each does. */
export const missedChoices = ['once', 'skip', 'all'] as const;
export type MissedChoice = (typeof missedChoices)[number];
