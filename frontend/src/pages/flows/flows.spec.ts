import { flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aFlow } from '../../../test/factories.js';
import { byNeed, flowState } from './flow-state.js';
import { readFlowFile } from './read-flow-file.js';
import { templates } from './templates.js';

describe('the state of a flow', () => {
  const failing = aFlow({
    name: 'failing',
    lastRun: { id: 'run_1', status: 'failed', at: '2026-11-20T13:00:00.000Z' },
    today: { runs: 9, failed: 3, inDoubt: 0 },
  });
  const doubtful = aFlow({ name: 'doubtful', today: { runs: 9, failed: 0, inDoubt: 1 } });
  const waiting = aFlow({ name: 'waiting', deployments: [{ environment: 'staging', version: 2, status: 'waiting' }] });
  const healthy = aFlow({ name: 'healthy' });
  const idle = aFlow({ name: 'idle', deployments: [], latestVersion: null });

  it('names a cause', () => {
    expect([failing, doubtful, waiting, healthy, idle].map((flow) => flowState(flow).says)).toEqual([
      '3 runs failed today',
      '1 run in doubt',
      'staging needs approval',
      'Healthy',
      'Never published',
    ]);
  });

  it('puts who needs someone first', () => {
    expect([idle, healthy, waiting, doubtful, failing].sort(byNeed).map(({ name }) => name)).toEqual([
      'failing',
      'doubtful',
      'waiting',
      'healthy',
      'idle',
    ]);
  });
});

describe('a template', () => {
  it.each(templates.map((template) => [template.name, template] as const))(
    '%s is a flow that the editor takes',
    (_, template) => {
      const parsed = flowDocumentSchema.safeParse(template.document);

      expect(parsed.error?.issues ?? []).toEqual([]);
      const ids = new Set(parsed.data?.steps.map(({ id }) => id));
      expect(parsed.data?.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    },
  );
});

describe('a file to import', () => {
  it('is a document named after its file', () => {
    expect(readFlowFile({ name: 'Refunds.sluice.json', text: '{"schema":"sluice.flow/1"}' })).toEqual({
      name: 'Refunds',
      document: { schema: 'sluice.flow/1' },
    });
  });

  it('may carry its name', () => {
    expect(
      readFlowFile({ name: 'x.json', text: '{"name":"Refunds","document":{"schema":"sluice.flow/1"}}' }),
    ).toMatchObject({ name: 'Refunds' });
  });

  it.each(['{', '[]', '{"hello":1}', '7'])('is refused in words when it is %s', (text) => {
    expect(readFlowFile({ name: 'x.json', text })).toHaveProperty('problem');
  });
});
