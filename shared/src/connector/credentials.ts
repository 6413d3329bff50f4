import { z } from 'zod';

const wordsSchema = z.object({
  title: z.string(),
  /** Where a person finds it. */
  help: z.string().optional(),
});

/** Where a key goes: a header, a parameter of the query, or the user name of basic authentication, whose password is empty. */
export const keyPlaces = ['header', 'query', 'username'] as const;
export type KeyPlace = (typeof keyPlaces)[number];

/** How a vendor calls its credentials, and what of them is the same for everybody. A person gives the rest. */
export const credentialsSchema = z.object({
  bearer: wordsSchema.optional(),
  basic: z
    .object({
      username: z.union([z.object({ fixed: z.string() }), wordsSchema]),
      password: wordsSchema,
    })
    .optional(),
  signing: wordsSchema.optional(),
  secretUrl: wordsSchema.optional(),
  hmacKey: wordsSchema.optional(),
  /** Where the vendor wants its key. */
  apiKey: wordsSchema.extend({ in: z.enum(keyPlaces), name: z.string() }).optional(),
});
export type Credentials = z.output<typeof credentialsSchema>;
