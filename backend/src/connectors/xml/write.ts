import { declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { writeXml } from './write-xml.js';

export const write = declareComputation({
  title: 'Write XML',
  description: 'Makes a document of records as Read XML gives them.',
  input: z.strictObject({
    value: field.record('Value', 'One name, the root element, and what is in it.'),
    indent: field.flag('Indent', 'A line for each element; white space in mixed text changes by it.').default(false),
    declaration: field.flag('Begin with <?xml …?>').default(true),
  }),
  output: z.object({ text: z.string() }),
  sample: {
    input: { value: { order: { '@id': '1042', item: ['A-100', 'B-200'] } } },
    output: {
      text: '<?xml version="1.0" encoding="UTF-8"?><order id="1042"><item>A-100</item><item>B-200</item></order>',
    },
  },
  compute: ({ value, ...style }) => ({ text: writeXml(value, style) }),
});
