import { ProblemError } from '@tollwright/core';

export function notFound(what = 'There is nothing here for you.'): ProblemError {
  return new ProblemError({ slug: 'not-found', detail: what });
}

export function conflict(detail: string): ProblemError {
  return new ProblemError({ slug: 'conflict', detail });
}

/** A field that cannot be accepted, in the shape that `parse` gives too. */
export function invalid(path: string, message: string): ProblemError {
  return new ProblemError({
    slug: 'invalid-input',
    detail: message,
    members: { errors: [{ path, message }] },
  });
}
