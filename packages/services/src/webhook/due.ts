import { openSecret } from '@tollwright/contracts/sealed-secret';
import {
  type DbWebhookDelivery,
  type DbWebhookEndpoint,
  type DueLimits,
  type ListedWebhook,
  listDueWebhooks,
  withTenant,
} from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { webhookSecretContext } from './webhook-endpoint.ts';

/** How long whoever took a delivery has for it; after that it is somebody else's. Longer than an attempt takes. */
const TAKEN_MS = 60_000;

/** A delivery to attempt now. */
export interface DueWebhook {
  readonly deliveryId: string;
  readonly providerId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  /** What it is signed by, the newest first. */
  readonly secrets: readonly string[];
  /** Attempts before this one: in all, and since it was written or replayed. */
  readonly attempts: number;
  readonly tries: number;
}

/** Takes deliveries that are due, each for one worker alone. One that is not ended in a minute is due again. For the worker's role. */
export async function takeDueWebhooks(ctx: ServiceContext, limits: DueLimits): Promise<DueWebhook[]> {
  const listed = await listDueWebhooks(ctx.db, new Date(ctx.clock()), limits);
  const taken: DueWebhook[] = [];
  for (const providerId of new Set(listed.map((one) => one.providerId))) {
    const ofProvider = listed.filter((one) => one.providerId === providerId);
    taken.push(...(await takeOf(ctx, providerId, ofProvider)));
  }
  return taken;
}

async function takeOf(
  ctx: ServiceContext,
  providerId: string,
  listed: readonly ListedWebhook[],
): Promise<DueWebhook[]> {
  const now = new Date(ctx.clock());
  const until = new Date(now.getTime() + TAKEN_MS);
  const wanted = listed.map(({ deliveryId }) => deliveryId);
  const rows = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    const mine = await tx.$queryRaw<{ id: string }[]>`UPDATE webhook_delivery SET next_attempt_at = ${until}
      WHERE id = ANY (${wanted}::text[]) AND state = 'pending' AND next_attempt_at <= ${now} RETURNING id`;
    return tx.webhookDelivery.findMany({
      where: { id: { in: mine.map(({ id }) => id) } },
      include: { endpoint: true },
      orderBy: { id: 'asc' },
    });
  });
  return rows.flatMap((row) => {
    try {
      return [toDue(ctx, row, now)];
    } catch (error) {
      ctx.onError(`open the secret of ${row.endpointId}`, error);
      return [];
    }
  });
}

function toDue(
  { masterKeys }: Pick<ServiceContext, 'masterKeys'>,
  row: DbWebhookDelivery & { readonly endpoint: DbWebhookEndpoint },
  now: Date,
): DueWebhook {
  const { id: deliveryId, providerId, endpointId, eventId, body, attempts, tries, endpoint } = row;
  const { url, sealedSecret, sealedOldSecret, oldSecretUntil } = endpoint;
  const isOldValid = oldSecretUntil !== null && oldSecretUntil > now;
  const sealed = [sealedSecret, ...(sealedOldSecret !== null && isOldValid ? [sealedOldSecret] : [])];
  const secrets = sealed.map((one) => openSecret(masterKeys, webhookSecretContext(providerId, endpointId), one));
  return { deliveryId, providerId, endpointId, url, eventId, body, secrets, attempts, tries };
}
