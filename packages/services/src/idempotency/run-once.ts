import { openSecret, sealSecret } from '@tollwright/contracts/sealed-secret';
import { ProblemError } from '@tollwright/core';
import { withIdempotency } from '@tollwright/db';
import { type Actor, actorName } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { conflict } from '../refusals.ts';
import { secretHash } from '../secret-hash.ts';

/** An answer as it is stored and given again. `body` is its exact text. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

export interface OnceRequest {
  /** The Idempotency-Key of the request. */
  readonly key: string;
  /** Everything that makes another request another: method, path and body. */
  readonly fingerprint: string;
}

/**
 * Runs a request at most once for an actor and key, and gives its answer again. Answers are sealed at rest, since they may
 * carry a secret that is shown once. A run that throws is forgotten. Throws `idempotency-mismatch` for another request
 * under the same key and `conflict` while the first one runs.
 */
export async function runOnce(
  ctx: ServiceContext,
  actor: Actor,
  request: OnceRequest,
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { readonly replayed: boolean }> {
  const name = actorName(actor);
  const requestHash = secretHash(request.fingerprint);
  const context = { tenant: name, target: `idempotency:${request.key}` };
  const where = { actor_key: { actor: name, key: request.key } };
  const known = await withIdempotency(ctx.db, name, async (tx) => {
    const data = { actor: name, key: request.key, requestHash, createdAt: new Date(ctx.clock()) };
    const made = await tx.idempotencyRecord.createMany({ data: [data], skipDuplicates: true });
    return made.count === 1 ? null : tx.idempotencyRecord.findUnique({ where });
  });
  if (known) {
    if (known.requestHash !== requestHash) {
      throw new ProblemError({ slug: 'idempotency-mismatch', detail: 'The first request under this key was another.' });
    }
    if (known.status === null || typeof known.response !== 'string') throw conflict('The first request still runs.');
    return { status: known.status, body: openSecret(ctx.masterKeys, context, known.response), replayed: true };
  }
  const answer = await run().catch(async (error: unknown) => {
    const mine = { actor: name, key: request.key };
    await withIdempotency(ctx.db, name, (tx) => tx.idempotencyRecord.deleteMany({ where: mine }));
    throw error;
  });
  const response = sealSecret(ctx.masterKeys, context, answer.body);
  const data = { status: answer.status, response };
  await withIdempotency(ctx.db, name, (tx) => tx.idempotencyRecord.update({ where, data }));
  return { ...answer, replayed: false };
}
