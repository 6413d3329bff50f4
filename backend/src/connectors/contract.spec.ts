import { afterAll, describe, it } from 'vitest';
import { contractChecks, type Point, points } from '../../test/connector-checks.js';
import { subjects } from '../../test/connector-subjects.js';
import { connectors } from './registry.js';

/** Checks that were passed, of how many, by connector and point. */
const table = new Map<string, Map<Point, { passed: number; all: number }>>();

function cellOf(id: string, point: Point) {
  const row = table.get(id) ?? new Map<Point, { passed: number; all: number }>();
  table.set(id, row);
  const cell = row.get(point) ?? { passed: 0, all: 0 };
  row.set(point, cell);
  return cell;
}

describe.each(Object.entries(connectors))('%s keeps the connector contract', (id, connector) => {
  for (const check of contractChecks({ connector, ...subjects[id] })) {
    const cell = cellOf(id, check.point);
    cell.all += 1;
    it(check.name, async () => {
      await check.run();
      cell.passed += 1;
    });
  }
});

afterAll(() => {
  const lines = [...table].map(([id, row]) => [
    id,
    ...points.map((point) => {
      const cell = row.get(point);
      return cell === undefined ? '-' : cell.passed === cell.all ? String(cell.all) : `${cell.passed}/${cell.all}`;
    }),
  ]);
  const all = [['connector', ...points], ...lines];
  process.stdout.write(`\n${all.map((line) => line.map((text) => text.padEnd(10)).join('')).join('\n')}\n`);
});
