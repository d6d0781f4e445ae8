import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@tollwright/core';
import {
  type ChannelCredential,
  type CheckedAction,
  challengeAll,
  type HeaderFields,
  manageAll,
} from '@tollwright/payments';
import { type Channel, StateUnavailable } from '@tollwright/state';
import { noteRefused, refuseKeyed } from '../../pipeline/note-decision.ts';
import { STATE_AWAY, type Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import { currentOffers, paidRequestOf } from '../offers.ts';
import { demandPayment } from '../replies.ts';
import { goneProblem, openChannel, openingRefused, type VoucherClaim } from './claim-voucher.ts';

type Accepted = Extract<CheckedAction, { kind: 'accepted' }>;
type Refused = Extract<VoucherClaim, { kind: 'again' | 'told' }>;
type Done = { readonly kind: 'done'; readonly receipt: HeaderFields } | Refused;

/** The worker closes a channel within seconds; whoever waits longer asks again. */
const CLOSED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** A request that manages a channel, with the route whose challenge it answers. */
export interface Managing {
  readonly visit: Visit;
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly credential: ChannelCredential;
}

/**
 * What a request wants done with a channel: a POST to the address of any route, whatever its method, which buys nothing. Null
 * for every other request.
 */
export function managingOf(visit: Visit): Managing | null {
  const { gateway, method, path, request } = visit;
  if (method !== 'POST') return null;
  const credential = manageAll(gateway.rails, request.headers);
  const found = credential === null ? undefined : gateway.registry.find(path);
  if (credential?.scope == null || found === undefined || found === null) return null;
  const { api, rest } = found;
  const { providerId, apiId, routeId } = credential.scope;
  if (api.snapshot.providerId !== providerId || api.snapshot.apiId !== apiId) return null;
  const route = api.routes.find((candidate) => candidate.route.id === routeId);
  if (route === undefined) return null;
  const isManagement = credential.action === 'close' || credential.action === 'topUp';
  if (!isManagement && api.router.match('POST', rest).kind === 'matched' && isContent(visit)) return null;
  return { visit, api, route, credential };
}

/** As the reference client and server tell calls from management: by a body, or a query. */
function isContent({ request, query }: Visit): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = request.headers;
  return query !== '' || encoding !== undefined || type !== undefined || (length !== undefined && length !== '0');
}

/** Does what was asked and answers 204 with a receipt, or says why not. */
export async function serveChannel(managing: Managing): Promise<void> {
  const { visit, api, route, credential } = managing;
  const { gateway, response, requestId } = visit;
  const subject = { api, route, principal: null, guard: null };
  if (!gateway.registered) return refuseKeyed(visit, { problem: STATE_AWAY, subject });
  const checked = credential.check(visit.startedAtMs);
  if (checked.kind === 'refused')
    return demandAgain(managing, { kind: 'again', reason: checked.reason, channel: undefined });
  gateway.running++;
  try {
    const done = await act(managing, checked);
    if (done.kind === 'told') return refuseKeyed(visit, { problem: done.problem, subject });
    if (done.kind === 'again') return demandAgain(managing, done);
    response.writeHead(204, [...done.receipt.flat(), 'x-request-id', requestId, 'cache-control', 'no-store']);
    response.end();
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    refuseKeyed(visit, { problem: STATE_AWAY, subject });
  } finally {
    gateway.running--;
  }
}

/** Offers the route anew, to this address: a challenge of the session's, and how its channel stands. */
function demandAgain({ visit, api, route }: Managing, { reason, channel }: Extract<Refused, { kind: 'again' }>): void {
  const { gateway } = visit;
  const offers = currentOffers(gateway, api, route);
  const request = paidRequestOf(visit, api, route, null, null);
  const scope = { ...request.scope, method: route.method };
  const detail = `The payment was not accepted: ${reason}.`;
  const problem: Problem = { slug: 'payment-invalid', detail, members: { reason } };
  const challenge = challengeAll(gateway.rails, offers, { ...request, scope, reason, channel });
  noteRefused(visit, problem, { api, route, principal: null, guard: null });
  demandPayment(visit, challenge, problem);
}

function act(managing: Managing, checked: Accepted): Promise<Done> {
  switch (managing.credential.action) {
    case 'open':
    case 'topUp':
    case 'voucher':
      return deposit(managing, checked);
    case 'close':
      return close(managing, checked);
  }
}

/** Sends what the payer signed for the chain, and tells the store what the chain has then. */
async function deposit({ visit, api }: Managing, checked: Accepted): Promise<Done> {
  const opening = await checked.open();
  if (opening.kind !== 'open') return openingRefused(opening, checked.channel);
  const channel = await openChannel(visit, api, checked.channel, opening);
  if (channel.state !== 'open') return { kind: 'told', problem: goneProblem('channel-finalized', checked.channel) };
  return { kind: 'done', receipt: checked.receipt(channel, Date.now()) };
}

/** Hands the channel to the worker, which takes to the chain what was spent and no more, and waits for it. */
async function close({ visit }: Managing, checked: Accepted): Promise<Done> {
  const { channels } = visit.gateway.state;
  const { channelKey } = checked.channel;
  const known = await channels.get(channelKey);
  if (known?.record == null) return { kind: 'told', problem: goneProblem('channel-not-found', checked.channel) };
  if ((checked.voucher?.cumulativeAtomic ?? 0n) < known.spentAtomic) {
    return { kind: 'again', reason: 'session/amount-below-spent', channel: known };
  }
  await channels.close(channelKey, checked.voucher);
  const closed = await closedSoon(() => channels.get(channelKey), visit);
  if (closed !== null) return { kind: 'done', receipt: checked.receipt(closed, Date.now()) };
  const detail = 'The channel is being closed on its chain.';
  return { kind: 'told', problem: { slug: 'payment-in-progress', detail, retryAfterSeconds: 2 } };
}

async function closedSoon(look: () => Promise<Channel | null>, { request }: Visit): Promise<Channel | null> {
  const untilMs = Date.now() + CLOSED_WITHIN_MS;
  while (Date.now() < untilMs && !request.destroyed) {
    const channel = await look();
    if (channel?.state === 'closed') return channel;
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}
