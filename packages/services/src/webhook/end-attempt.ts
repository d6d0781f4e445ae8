import { WEBHOOK_RETRY_SECONDS } from '@tollwright/contracts';
import { type Tx, toDbJson, withTenant } from '@tollwright/db';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { disableWebhook } from './disable.ts';
import type { DueWebhook } from './due.ts';

/** One request, and what came back. */
export interface WebhookAttempt {
  readonly headers: Readonly<Record<string, string>>;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly latencyMs: number;
  /** The first 4 KiB of the answer. */
  readonly response: string | null;
  readonly error: string | null;
  readonly attemptedAt: Date;
}

export type AttemptEnd = 'delivered' | 'retried' | 'dead' | 'late';

const FAILING_MS_MAX = 5 * 86_400_000;
const GONE = 410;

/**
 * Writes down how an attempt ended and what follows: nothing more, the next try of the schedule, or none. An endpoint that said it
 * is gone, or that nothing reached for five days, is disabled and its owners are told. `late`: somebody else ended it before.
 */
export async function endWebhookAttempt(
  ctx: ServiceContext,
  due: DueWebhook,
  attempt: WebhookAttempt,
): Promise<AttemptEnd> {
  const { deliveryId: id, providerId, attempts } = due;
  const end = endOf(due, attempt);
  const sent: string[] = [];
  const written = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id, attempts, state: 'pending' },
      data: {
        state: end === 'retried' ? 'pending' : end,
        ...{ attempts: attempts + 1, tries: due.tries + 1 },
        nextAttemptAt: end === 'retried' ? nextAttemptAt(ctx, due) : null,
      },
    });
    if (count === 0) return false;
    const { customerId } = await tx.webhookDelivery.findUniqueOrThrow({ where: { id } });
    const { headers, status, latencyMs, response, error, attemptedAt } = attempt;
    await tx.webhookAttempt.createMany({
      data: [
        {
          ...{ deliveryId: id, number: attempts + 1, providerId, customerId, headers: toDbJson(headers) },
          ...{ status, latencyMs, response, error, attemptedAt },
        },
      ],
    });
    sent.push(...(await judgeEndpoint(tx, ctx, due, attempt)));
    return true;
  });
  await sendSoon(ctx, sent);
  return written ? end : 'late';
}

function isDelivered({ status }: WebhookAttempt): boolean {
  return status !== null && status >= 200 && status <= 299;
}

function endOf({ tries }: DueWebhook, attempt: WebhookAttempt): Exclude<AttemptEnd, 'late'> {
  if (isDelivered(attempt)) return 'delivered';
  return attempt.status === GONE || tries + 1 >= WEBHOOK_RETRY_SECONDS.length ? 'dead' : 'retried';
}

function nextAttemptAt({ clock }: Pick<ServiceContext, 'clock'>, { tries }: DueWebhook): Date {
  return new Date(clock() + (WEBHOOK_RETRY_SECONDS[tries + 1] ?? 0) * 1_000);
}

async function judgeEndpoint(
  tx: Tx,
  ctx: ServiceContext,
  { endpointId: id }: DueWebhook,
  attempt: WebhookAttempt,
): Promise<string[]> {
  if (isDelivered(attempt)) {
    await tx.webhookEndpoint.updateMany({ where: { id, failingSince: { not: null } }, data: { failingSince: null } });
    return [];
  }
  const now = new Date(ctx.clock());
  await tx.webhookEndpoint.updateMany({ where: { id, failingSince: null }, data: { failingSince: now } });
  const endpoint = await tx.webhookEndpoint.findUniqueOrThrow({ where: { id } });
  if (attempt.status === GONE) return disableWebhook(tx, ctx, endpoint, 'gone');
  const failingMs = now.getTime() - (endpoint.failingSince ?? now).getTime();
  return failingMs >= FAILING_MS_MAX ? disableWebhook(tx, ctx, endpoint, 'failing') : [];
}
