import { z } from 'zod';

/** Where one file lies and how it is opened: good for calls of the environment whose keys wrapped its key. */
export const fileTicketSchema = z.strictObject({
  file: z.string(),
  /** Its name in the blob store. */
  blob: z.string(),
  /** Its key, wrapped by the environment's keys for payloads and bound to the blob. */
  key: z.string(),
  /** As its pieces name it: `run|file`. */
  of: z.string(),
  bytes: z.int().min(0),
});
export type FileTicket = z.output<typeof fileTicketSchema>;

/** A file that the answer's body may become. */
export const keepTicketSchema = z.strictObject({
  ticket: fileTicketSchema,
  when: z.enum(['large', 'all']),
  /** What is larger is refused. */
  mostBytes: z.int().min(1),
});
export type KeepTicket = z.output<typeof keepTicketSchema>;

/** A body in the order in which it is sent. */
export const piecesSchema = z
  .array(z.union([z.strictObject({ text: z.string() }), z.strictObject({ file: fileTicketSchema })]))
  .max(200);
export type Pieces = z.output<typeof piecesSchema>;
