import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { mergedMetadata, metadata } from '../../params/kinds.ts';
import { boolean, fields, text } from '../../params/param.ts';
import { closeDispute } from './open.ts';

const evidence = fields({
  product_description: text(20_000),
  customer_email_address: text(),
  customer_name: text(),
  service_date: text(),
  uncategorized_text: text(20_000),
});

/** Verbs of `disputes`; banks open them, not the API. */
export const disputeRoutes: readonly Route[] = [
  route('GET', '/v1/disputes/:id', fields({}), (world, _params, id) => world.disputes.get(id)),
  route('POST', '/v1/disputes/:id', fields({ evidence, metadata, submit: boolean }), (world, params, id) => {
    const dispute = world.disputes.get(id);
    dispute.metadata = mergedMetadata(dispute.metadata, params.metadata);
    if (params.evidence !== undefined) {
      Object.assign(dispute.evidence, params.evidence);
      dispute.evidence_details.has_evidence = true;
      if (params.submit !== false) {
        dispute.evidence_details.submission_count += 1;
        dispute.status = dispute.status.startsWith('warning_') ? 'warning_under_review' : 'under_review';
      }
    }
    world.events.emit('charge.dispute.updated', dispute);
    return dispute;
  }),
  route('POST', '/v1/disputes/:id/close', fields({}), (world, _params, id) =>
    closeDispute(world, world.disputes.get(id), 'lost'),
  ),
  listRoute('/v1/disputes', (world) => world.disputes, { charge: text(), payment_intent: text() }),
];
