import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Any JSON value. Keys such as `__proto__` are data; readers must not copy them onto ordinary objects. */
export const jsonSchema: z.ZodType<Json> = z.json();
