import { z } from 'zod';
import type { Permission } from './permissions.js';

/**
 * Who may call: `public` anyone; `signing-in` a browser between password and second factor (or a member);
 * `member` any member; `person` a member with a session, so no API token; else a member whose roles carry the
 * permission, in some environment at least. `stepUp` also asks for a second factor not older than five minutes, which
 * only a person has.
 */
export type Access = 'public' | 'signing-in' | 'member' | 'person' | Permission;

/** One endpoint: both ends, the OpenAPI document and the access guard are made from it. */
export interface Contract {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, Express style: `/flows/:id`. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  stepUp?: boolean;
  /** Its answer is kept for no repeat: an Idempotency-Key means nothing here. */
  isKeptNowhere?: boolean;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  reply: z.ZodType;
  /** 200 unless said; a handler may answer 202 where `alsoStatus` lists it. */
  status?: number;
  alsoStatus?: number;
  /** `text/event-stream`, `application/x-ndjson` or `application/octet-stream` where the answer is no JSON. */
  produces?: string;
  example?: { body?: unknown; reply?: unknown };
}

/** Keeps the exact type of a contract. */
export function contract<const C extends Contract>(definition: C): C {
  return definition;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Given<T> = T extends z.ZodType ? z.input<T> : undefined;
/** What a handler receives after validation. */
export interface Input<C extends Contract> {
  params: Parsed<C['params']>;
  query: Parsed<C['query']>;
  body: Parsed<C['body']>;
}
/** What a caller gives. */
export interface Call<C extends Contract> {
  params?: Given<C['params']>;
  query?: Given<C['query']>;
  body?: Given<C['body']>;
}
export type Reply<C extends Contract> = z.output<C['reply']>;

/** UTC, milliseconds, `Z`. */
export const timeSchema = z.iso.datetime();

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
};

/** `{ items, next }`; `next` is the cursor of the following page, or null. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** A page of a list that is searched back in time: `searchedTo` says how far, when time was up before the page was full. */
export function searchPage<T extends z.ZodType>(item: T) {
  return page(item).extend({ searchedTo: timeSchema.nullable() });
}

export const nothing = z.object({});
