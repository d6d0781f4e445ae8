import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { clearableText, mergedMetadata, metadata } from '../../params/kinds.ts';
import { fields, text } from '../../params/param.ts';

/** Verbs of `charges`; they are made by payment intents alone. */
export const chargeRoutes: readonly Route[] = [
  route('GET', '/v1/charges/:id', fields({}), (world, _params, id) => world.charges.get(id)),
  route('POST', '/v1/charges/:id', fields({ description: clearableText(), metadata }), (world, params, id) => {
    const charge = world.charges.get(id);
    if (params.description !== undefined) charge.description = params.description;
    charge.metadata = mergedMetadata(charge.metadata, params.metadata);
    world.events.emit('charge.updated', charge);
    return charge;
  }),
  listRoute('/v1/charges', (world) => world.charges, {
    customer: text(),
    payment_intent: text(),
    transfer_group: text(),
  }),
];
