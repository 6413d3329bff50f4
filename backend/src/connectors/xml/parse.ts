import { declareComputation } from '@sluice/shared/connector';
import { z } from 'zod';
import { readXml } from './read-xml.js';

export const parse = declareComputation({
  title: 'Read XML',
  description: 'Makes records of a document: attributes as @name, elements by name, all values as text.',
  input: z.strictObject({
    // 120 ms of the engine's thread.
    text: z.string().max(524_288).meta({ title: 'Text', description: 'Up to 512 KiB.' }),
    lists: z
      .array(z.string().min(1))
      .max(100)
      .default([])
      .meta({ title: 'Lists', description: 'Elements that are lists even where there is one: item.' }),
  }),
  output: z.object({ value: z.record(z.string(), z.unknown()) }),
  sample: {
    input: { text: '<order id="1042"><item>A-100</item><item>B-200</item></order>' },
    output: { value: { order: { '@id': '1042', item: ['A-100', 'B-200'] } } },
  },
  compute: ({ text, lists }) => ({ value: readXml(text, new Set(lists)) }),
});
