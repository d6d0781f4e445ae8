import { EgressFailed, EgressRefused } from '@tollwright/egress';
import type { DueWebhook, ServiceContext, WebhookAttempt } from '@tollwright/services';
import { Webhook } from 'standardwebhooks';

const TIMEOUT_MS = 15_000;
const RESPONSE_BYTES_KEPT = 4_096;

/** Posts a delivery once, signed at this moment by each of its endpoint's secrets. Never rejects: what failed is the answer. */
export async function attemptWebhook(
  { egress, clock }: Pick<ServiceContext, 'egress' | 'clock'>,
  due: DueWebhook,
): Promise<WebhookAttempt> {
  const attemptedAt = new Date(clock());
  const headers = signedHeaders(due, attemptedAt);
  const began = performance.now();
  const ended = (answer: Pick<WebhookAttempt, 'status' | 'response' | 'error'>): WebhookAttempt => ({
    ...{ headers, attemptedAt, latencyMs: Math.round(performance.now() - began), ...answer },
  });
  try {
    const answer = await egress.fetch(due.url, {
      ...{ method: 'POST', headers, body: due.body, timeoutMs: TIMEOUT_MS },
      ...{ bodyBytesMax: RESPONSE_BYTES_KEPT, isNoted: true },
    });
    return ended({ status: answer.status, response: storable(await answer.text()), error: null });
  } catch (error) {
    return ended({ status: null, response: null, error: wordsOf(error) });
  }
}

/** The headers of Standard Webhooks. During a rotation there are two signatures, parted by a space. */
function signedHeaders({ eventId, body, secrets }: DueWebhook, at: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Tollwright-Webhooks/1',
    'webhook-id': eventId,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1_000)}`,
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(' '),
  };
}

/** PostgreSQL stores no NUL. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

function wordsOf(error: unknown): string {
  if (error instanceof EgressRefused) return error.message.slice(0, 300);
  if (error instanceof EgressFailed) return `${error.message}${causeOf(error)}`.slice(0, 300);
  return 'the request could not be made';
}

/** What the network said, such as ECONNREFUSED. */
function causeOf({ cause }: EgressFailed): string {
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? ` (${code})` : '';
}
