import { ZERO_USD } from '@tollwright/core';
import type { HeaderEdit } from '@tollwright/policies';
import type { Access } from '@tollwright/state';
import type { Body } from '../../http/read-body.ts';
import { countCall } from '../../metrics/count-call.ts';
import { Relay } from '../../pipeline/relay.ts';
import { refuse, STATE_AWAY, type Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import { intentJson, type Members, usageItemJson } from '../../spool/record-json.ts';
import { uncoveredEvent } from '../paid-outcome.ts';
import { strangerRequest } from '../paid-upstream.ts';
import { fixedSale, ratedSale } from '../sale.ts';

/** Until when the payment lets in that this call came in by. */
export const ACCESS_FIELD = 'tollwright-access-until';

/** A call of somebody who paid before. */
export interface AccessCall {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly payer: string;
  readonly access: Access;
  readonly body: Extract<Body, { kind: 'none' | 'buffered' }>;
  readonly edits: readonly HeaderEdit[];
}

/** Forwards a call that costs nothing, once its intent is in the spool, and streams its answer back, metered. */
export function serveAccess(call: AccessCall): Promise<void> {
  const { visit, api, route, body, edits, access } = call;
  const { gateway } = visit;
  const base = eventOf(call);
  const sale = fixedSale(route, ZERO_USD);
  const rated = ratedSale(route, sale);
  const relayed = { ...rated, tag: null, call: { ...rated.call, guard: { edits: [...edits] } } };
  const bytes = body.kind === 'buffered' ? body.bytes : null;
  const headers = [ACCESS_FIELD, new Date(access.untilMs).toISOString()];
  gateway.running++;
  return new Promise<void>((resolve, reject) => {
    const segment: number = gateway.spool.intend(intentJson(null, null, route.known, base), false, (error) => {
      if (error) {
        gateway.log.error({ err: error }, 'the spool cannot be written; nothing is forwarded');
        refuse(visit, STATE_AWAY);
        resolve();
        return;
      }
      const sent = { bytes, bytesIn: () => bytes?.length ?? 0 };
      const relay = new Relay(visit, relayed, headers, sent, (tail, answered) => {
        gateway.spool.record(usageItemJson(base, tail), false, (failure) => {
          if (failure) gateway.log.error({ err: failure, eventId: visit.eventId }, 'an outcome could not be written');
          gateway.spool.release(segment);
          countCall(visit, api, tail);
          answered();
          resolve();
        });
      });
      try {
        relay.start((sink) => gateway.upstream.send(strangerRequest({ visit, api, route, sale, body, edits }), sink));
      } catch (cause) {
        gateway.spool.release(segment);
        reject(cause);
      }
    });
  }).finally(() => {
    gateway.running--;
  });
}

/** Paid by nothing now, and by a wallet that is known: that is how events of access are told from all others. */
function eventOf({ visit, api, route, payer, body }: AccessCall): Members {
  return uncoveredEvent({ visit, api, route, principal: null, body }, { payer, rail: 'none', paymentId: null });
}
