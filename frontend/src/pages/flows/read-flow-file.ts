import { z } from 'zod';

const wrappedSchema = z.object({ name: z.string().min(1), document: z.json() });

/** An exported flow: the document itself, or `{name, document}`. A bare document is named after its file. */
export function readFlowFile(file: {
  name: string;
  text: string;
}): { name: string; document: z.output<ReturnType<typeof z.json>> } | { problem: string } {
  let content: unknown;
  try {
    content = JSON.parse(file.text);
  } catch {
    return { problem: `${file.name} is not valid JSON.` };
  }
  const wrapped = wrappedSchema.safeParse(content);
  if (wrapped.success) return wrapped.data;
  const document = z.json().safeParse(content);
  if (!document.success || typeof content !== 'object' || content === null || !('schema' in content)) {
    return { problem: `${file.name} is not an exported flow: it names no schema.` };
  }
  return {
    name: file.name.replace(/(\.sluice)?\.json$/i, '').slice(0, 120) || 'Imported flow',
    document: document.data,
  };
}
