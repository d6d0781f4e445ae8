import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/management.d.ts';
import { readLocal } from './local.ts';

export type Management = Client<paths>;

/** A client of the management API with the types that were generated from its document. */
export function openManagement(token: string | null = readLocal().managementToken): Management {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl: readLocal().managementUrl, headers });
}

interface Answer<Value> {
  readonly data?: Value;
  readonly error?: unknown;
  readonly response: Response;
}

/** What an operation answered; throws when it was refused. */
export async function done<Value>(call: Promise<Answer<Value>>): Promise<Value> {
  const { data, error, response } = await call;
  if (data !== undefined) return data;
  throw new Error(`${response.status} ${response.url}: ${JSON.stringify(error)}`);
}

/** The problem that an operation was refused with; throws when it was not. */
export async function refused(call: Promise<Answer<unknown>>): Promise<Record<string, unknown>> {
  const { error, response } = await call;
  const type = response.headers.get('content-type');
  if (error === undefined) throw new Error(`${response.status} ${response.url} was not refused`);
  if (type !== 'application/problem+json') throw new Error(`${response.url} answered ${type}`);
  const document = error as Record<string, unknown>;
  return { ...document, slug: String(document.type).split('/problems/')[1] ?? '' };
}
