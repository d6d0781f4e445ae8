import { present } from '../http/expand.ts';
import { newId } from '../ids.ts';

/** An event as the API shows it. `data.object` is the object as it was at that moment. */
export type StripeEvent = ReturnType<typeof eventOf>;

/** The request that an event came from; nulls where nobody asked. */
export type Cause = { readonly id: string | null; readonly idempotency_key: string | null };

/** The version of the API that the double speaks: that of its SDK. */
export const apiVersion = '2026-10-28.endive';

/** Something that happened to an object; `previous` holds the old values of what an update changed. */
export function eventOf(created: number, type: string, object: object, previous: object | null, request: Cause) {
  const shown = present(object, [], () => undefined);
  const data = previous === null ? { object: shown } : { object: shown, previous_attributes: previous };
  return {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created,
    data: data as { object: object; previous_attributes?: object },
    livemode: false,
    pending_webhooks: 0,
    request,
    type,
  };
}
