import { checkFlow, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/registry.js';
import { leadFlow } from './lead.js';
import { paymentFlow } from './payment.js';
import { refundFlow } from './refund.js';

const versions = [paymentFlow, leadFlow, refundFlow].flatMap(({ name, versions }) =>
  versions.map(({ note, document }) => ({ title: `${name}: ${note}`, document })),
);

describe('the demo’s flows', () => {
  it.each(versions)('$title can be published, and every step has its own place', ({ document }) => {
    const flow = flowDocumentSchema.parse(document);

    expect(checkFlow(flow, catalogue)).toEqual([]);
    const places = flow.steps.map(({ id }) => String(flow.layout[id]));
    expect(places).not.toContain('undefined');
    expect(new Set(places).size).toBe(flow.steps.length);
  });
});
