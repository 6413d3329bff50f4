import { posix } from 'node:path';
import { z } from 'zod';

/** A name that can be part of a path: no separator of any system, nothing that leads elsewhere. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && name.length <= 255 && !/[/\\\p{Cc}\p{Zl}\p{Zp}]/u.test(name);
}

/** `/in/orders.csv`, or `/` alone, below the connection's directory. */
export const sftpPathSchema = z
  .string()
  .max(1000)
  .refine((path) => path === '/' || (path.startsWith('/') && path.slice(1).split('/').every(isPlainName)));

/** Where a path lies on the server. */
export function placeOf(directory: string, path: string): string {
  return posix.join(directory, path);
}

/** Whether what the server says a path leads to is the approved directory, or lies below it. */
export function isWithin(real: string, directory: string): boolean {
  return real === directory || real.startsWith(directory === '/' ? '/' : `${directory}/`);
}
