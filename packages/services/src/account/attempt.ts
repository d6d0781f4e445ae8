import { ProblemError } from '@tollwright/core';
import { withAccounts } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../secret-hash.ts';

/** How often a subject (`sign-in:<email>`) may try in a fixed window. */
export interface AttemptLimit {
  readonly subject: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Counts one attempt in a transaction of its own, so that a failed attempt counts too. Answers how long to wait, or null. */
export async function countAttempt(ctx: ServiceContext, rule: AttemptLimit): Promise<number | null> {
  const lengthMs = rule.windowSeconds * 1_000;
  const startMs = Math.floor(ctx.clock() / lengthMs) * lengthMs;
  const windowAt = new Date(startMs);
  const subject = secretHash(rule.subject);
  const count = await withAccounts(ctx.db, async (tx) => {
    await tx.$executeRaw`DELETE FROM attempt WHERE subject = ${subject} AND window_at < ${windowAt}`;
    const rows = await tx.$queryRaw<{ count: number }[]>`
      INSERT INTO attempt (subject, window_at, count) VALUES (${subject}, ${windowAt}, 1)
      ON CONFLICT (subject, window_at) DO UPDATE SET count = attempt.count + 1 RETURNING count`;
    return rows[0]?.count ?? 1;
  });
  if (count <= rule.limit) return null;
  return Math.max(1, Math.ceil((startMs + lengthMs - ctx.clock()) / 1_000));
}

/** The same, as a refusal. */
export async function assertAttempt(ctx: ServiceContext, rule: AttemptLimit): Promise<void> {
  const retryAfterSeconds = await countAttempt(ctx, rule);
  if (retryAfterSeconds === null) return;
  throw new ProblemError({
    slug: 'too-many-attempts',
    detail: `Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  });
}
