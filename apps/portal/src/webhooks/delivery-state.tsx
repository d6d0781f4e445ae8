import { Badge } from '@tollwright/ui';
import type { WebhookDelivery } from './outputs.ts';

/** Whether a delivery arrived. */
export function DeliveryState({ state, attempts }: Pick<WebhookDelivery, 'state' | 'attempts'>) {
  if (state === 'delivered') return <Badge tone="green">Delivered</Badge>;
  if (state === 'dead') return <Badge tone="red">Dead</Badge>;
  return <Badge tone="amber">{attempts === 0 ? 'Sending' : 'Retrying'}</Badge>;
}
