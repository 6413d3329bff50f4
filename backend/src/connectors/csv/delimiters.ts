import { field } from '@sluice/shared/connector';

const signs = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;
const names = ['comma', 'semicolon', 'tab', 'bar'] as const;

export const delimiterField = field.choice(names, 'Delimiter', 'What stands between two values.').default('comma');

export function signOf(name: (typeof names)[number]): string {
  return signs[name];
}
