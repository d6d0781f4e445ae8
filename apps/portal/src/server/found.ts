import 'server-only';
import { TRPCError } from '@trpc/server';
import { notFound } from 'next/navigation';

/** Something that an address names; a 404 page where there is no such thing. */
export async function found<T>(asked: Promise<T>): Promise<T> {
  return asked.catch((error: unknown) => {
    if (isMissing(error)) notFound();
    throw error;
  });
}

/** The same for what a page can do without, such as a sheet whose row is gone. */
export async function foundOrNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof TRPCError && ['NOT_FOUND', 'BAD_REQUEST', 'UNPROCESSABLE_CONTENT'].includes(error.code);
}
