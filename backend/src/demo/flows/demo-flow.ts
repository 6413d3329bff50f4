import type { flowDocumentSchema } from '@sluice/shared/flow';
import type { z } from 'zod';
import type { DemoEndpoint } from '../demo-file.js';

/** A flow document as people write it: what has a default may be left out. */
export type Drawing = z.input<typeof flowDocumentSchema>;
export type DrawnStep = NonNullable<Drawing['steps']>[number];

/** A flow as its builder drew and published it. */
export interface DemoFlow {
  key: DemoEndpoint['flow'];
  name: string;
  /** What the approver reads beside the request. */
  reason: string;
  versions: readonly { note: string; document: Drawing }[];
}
