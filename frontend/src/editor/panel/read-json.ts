import { jsonSchema, type Json } from '@sluice/shared/lib';

/** A text as JSON, or what is wrong with it. */
export function readJson(text: string): { ok: true; value: Json } | { ok: false; problem: string } {
  try {
    return { ok: true, value: jsonSchema.parse(JSON.parse(text)) };
  } catch (thrown) {
    const detail = thrown instanceof SyntaxError ? `: ${thrown.message}` : '.';
    return { ok: false, problem: `This is not valid JSON${detail}` };
  }
}
