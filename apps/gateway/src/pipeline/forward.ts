import { forwardedBody, readsAnswer } from '@tollwright/policies';
import { Superseded } from '@tollwright/state';
import { editHeaders } from '../guard/edit-headers.ts';
import type { Body } from '../http/read-body.ts';
import { upstreamHeaders } from '../http/request-headers.ts';
import type { KeptCall } from '../idempotency/kept-call.ts';
import { countCall } from '../metrics/count-call.ts';
import type { EventTail } from '../spool/record.ts';
import { intentJson, usageItemJson } from '../spool/record-json.ts';
import { withContext } from '../tracing/tracing.ts';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { limitHeadersOf } from './answer-fields.ts';
import { eventBase } from './event-base.ts';
import { traceGranted } from './note-decision.ts';
import { withNotices } from './notices.ts';
import { observe } from './observe.ts';
import { chargesByNode } from './outcome.ts';
import { Relay, type Sent } from './relay.ts';
import type { Granted } from './reserve.ts';
import { upstreamChoice, upstreamTarget } from './upstream-target.ts';
import { refuse, STATE_AWAY, type Visit } from './visit.ts';

/**
 * Forwards a granted call: first its intent is in the spool, then the upstream gets exactly what was priced, then the
 * answer streams back. Whatever happens, the call ends with one outcome and one settlement. `kept` is the call under its
 * idempotency key: its intent is on disk first, and its segment stays until the store knows how it ended.
 */
export function forward(visit: Visit, granted: Granted, body: Body, kept: KeptCall | null): Promise<void> {
  const { gateway } = visit;
  const base = eventBase(visit, granted.call, body);
  let askedMark = visit.startedMark;
  return new Promise((resolve, reject) => {
    const segment = gateway.spool.intend(
      intentJson(granted.tag, null, granted.call.worst.data, base, kept?.answerKey),
      kept !== null,
      (error) => {
        if (error) {
          gateway.log.error({ err: error }, 'the spool cannot be written; nothing is forwarded');
          refuse(visit, STATE_AWAY);
          settle(visit, granted.tag, segment, {});
          resolve();
          return;
        }
        try {
          start();
        } catch (cause) {
          settle(visit, granted.tag, segment, {});
          reject(cause);
        }
      },
    );

    function start(): void {
      const limitHeaders = limitHeadersOf(visit, granted);
      const relay = new Relay(visit, granted, limitHeaders, sentOf(body), finish);
      askedMark = performance.now();
      kept?.record();
      relay.start((sink) => gateway.upstream.send(upstreamRequest(visit, granted, body), sink));
    }

    function finish(tail: EventTail, answered: () => void): void {
      const endedMark = performance.now();
      gateway.spool.record(usageItemJson(base, withNotices(visit, granted, tail)), false, (error) => {
        if (error) gateway.log.error({ err: error, eventId: visit.eventId }, 'an outcome could not be written');
        // Not before: a successor that finds no outcome charges nothing, and the store must not know better.
        settle(visit, granted.tag, segment, chargesByNode(tail.charges), kept);
        observe(visit, granted, tail);
        answered();
        kept?.ended(tail);
        const nowMark = performance.now();
        countCall(visit, granted.call.api, tail);
        gateway.metrics.took(nowMark - visit.startedMark, nowMark - endedMark + askedMark - visit.startedMark);
        traceGranted(visit, granted, tail);
        resolve();
      });
    }
  });
}

/** Ends the hold of a call. Travels with the next batch; nobody waits for it, and the spool knows it until it is done. */
function settle(
  visit: Visit,
  tag: string,
  segment: number,
  charges: Record<string, bigint>,
  kept: KeptCall | null = null,
): void {
  const { gateway, eventId } = visit;
  gateway.batcher.settle(tag, { kind: 'settle', callId: eventId, charges }).then(
    () => {
      if (kept === null) gateway.spool.release(segment);
      else void kept.known.then(() => gateway.spool.release(segment));
    },
    (error: unknown) => {
      gateway.log.error({ err: error, eventId }, 'a hold was not settled');
      if (error instanceof Superseded) gateway.onSuperseded();
    },
  );
}

function upstreamRequest(visit: Visit, { call }: Granted, body: Body): UpstreamRequest {
  const { api, worst } = call;
  const { snapshot } = api;
  return {
    origin: api.origin,
    method: visit.method,
    target: upstreamTarget(api, visit),
    headers: requestHeaders(visit, call),
    body: bodyOf(body, forwardedBody(worst)),
    bodyBytes: body.kind === 'stream' ? body.lengthBytes : null,
    timeouts: snapshot.upstream,
    ...upstreamChoice(api, visit),
  };
}

function requestHeaders({ request, requestId, span }: Visit, { api, route, guard }: Granted['call']): string[] {
  const own = upstreamHeaders(request.rawHeaders, {
    host: api.host,
    requestId,
    credential: api.credential,
    identityEncoding: readsAnswer(route.rule),
    stripped: api.keyHeaders,
  });
  const headers = withContext(own, span);
  return guard === null ? headers : editHeaders(headers, guard.edits, 'request');
}

function bodyOf(body: Body, edited: Buffer | null): UpstreamRequest['body'] {
  switch (body.kind) {
    case 'none':
      return null;
    case 'buffered':
      return edited ?? body.bytes;
    case 'stream':
      return body.source;
  }
}

function sentOf(body: Body): Sent {
  switch (body.kind) {
    case 'none':
      return { bytes: null, bytesIn: () => 0 };
    case 'buffered':
      return { bytes: body.bytes, bytesIn: () => body.bytes.length };
    case 'stream':
      return { bytes: null, bytesIn: body.bytesSoFar };
  }
}
