import { z } from 'zod';
import { contract, nothing, timeSchema } from './contract.js';

/** Screens whose filters can be kept. */
export const viewScreens = ['runs', 'dead-letters', 'inbox', 'audit'] as const;
export type ViewScreen = (typeof viewScreens)[number];

/** How many views one member may have, and how many everybody together. */
export const mostViews = 100;

/** Parts of a screen's address that no view keeps: what is open is no filter, and a business key is kept as a hash only. */
export const unsavedParts: readonly string[] = ['open', 'key'];

/** The screen's address behind `?`: values by name. */
const viewSearchSchema = z
  .record(z.string().regex(/^[a-z]{1,20}$/), z.string().min(1).max(200))
  .refine((search) => Object.keys(search).length <= 20, { message: 'A view keeps 20 filters at most.' })
  .refine((search) => unsavedParts.every((part) => !Object.hasOwn(search, part)), {
    message: `Leave out ${unsavedParts.map((part) => `\`${part}\``).join(' and ')}: no view keeps it.`,
  });

export const viewSchema = z.object({
  id: z.string(),
  screen: z.enum(viewScreens),
  name: z.string(),
  search: viewSearchSchema,
  /** Everybody's in the workspace; else the asker's own. */
  isShared: z.boolean(),
  madeBy: z.object({ id: z.string(), name: z.string() }),
  madeAt: timeSchema,
  mayRemove: z.boolean(),
});
export type View = z.output<typeof viewSchema>;

export const viewsApi = {
  list: contract({
    method: 'GET',
    path: '/views',
    tag: 'views',
    summary: 'Saved views of the screens that the asker may see: his own, and those of the workspace',
    access: 'member',
    reply: z.object({ items: z.array(viewSchema) }),
  }),
  save: contract({
    method: 'POST',
    path: '/views',
    tag: 'views',
    summary:
      'Keep the filters of a screen under a name, in place of a view of that name; for everybody it takes environments.manage',
    access: 'member',
    body: z.strictObject({
      screen: z.enum(viewScreens),
      name: z.string().trim().min(1).max(60),
      search: viewSearchSchema,
      isShared: z.boolean().default(false),
    }),
    reply: viewSchema,
    status: 201,
    example: { body: { screen: 'runs', name: 'Failed payments', search: { status: 'failed', since: '24h' } } },
  }),
  remove: contract({
    method: 'DELETE',
    path: '/views/:id',
    tag: 'views',
    summary: 'Remove a view; one of the workspace by whoever made it, or with environments.manage',
    access: 'member',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: nothing,
  }),
};
