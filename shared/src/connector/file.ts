import { z } from 'zod';

/**
 * A file as data carries it: its content lies encrypted beside the run that brought it in and is read only by what sends
 * it on, or by a member who downloads it. Whoever invents a handle has nothing: a run finds the files of its own family
 * alone.
 */
export const fileHandleSchema = z.strictObject({
  file: z.string().regex(/^fil_[0-9a-f]{52}$/, 'the id of a file'),
  /** A single line, no path. */
  name: z
    .string()
    .max(255)
    .regex(/^[^\p{Cc}/\\]*$/u, 'a file name without a path'),
  /** A media type without parameters: `application/pdf`. */
  type: z
    .string()
    .max(100)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'a media type such as application/pdf'),
  bytes: z.int().min(0),
  /** Of the content, in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex'),
});
export type FileHandle = z.output<typeof fileHandleSchema>;

/** The value as a handle; null for any other. */
export function asFileHandle(value: unknown): FileHandle | null {
  // Most values aren't: a look at one field costs nothing.
  if (typeof value !== 'object' || value === null || !('file' in value)) return null;
  return fileHandleSchema.safeParse(value).data ?? null;
}

/** Whether what has this type, without parameters, is read as a value: JSON, XML, a form, plain text. The rest are files. */
export function isTextType(type: string): boolean {
  return /^(?:text\/[\w.+-]+|application\/(?:(?:[\w.+-]+\+)?(?:json|xml)|x-www-form-urlencoded|javascript|x-ndjson))$/.test(
    type,
  );
}

/** A body that is a file's content as it is. */
export class FileBody {
  constructor(readonly file: FileHandle) {}
}

export interface FormPart {
  name: string;
  value: string | FileHandle;
}

/** A body of `multipart/form-data`. */
export class FormBody {
  constructor(readonly parts: readonly FormPart[]) {}
}
