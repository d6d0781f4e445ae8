import type { Offer } from '@tollwright/payments';
import { type SignInChallenge, signInKey } from '@tollwright/protocols';
import type { Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import type { SignInDesk, SignInSpot } from './sign-in-desk.ts';

/** Where a call could come in without paying, or at a price of its own. */
export interface Door {
  /** Null: who signs in gets nothing here. */
  readonly desk: SignInDesk | null;
  readonly spot: SignInSpot;
  /** What the request shows of who sends it; null where nobody looks. */
  readonly proof: string | null;
  /** What a 402 asks to be signed: another one each time. */
  challenge(): SignInChallenge | undefined;
}

/** The door of a route. It is there for strangers alone, and a sign-in is not looked at beside a payment. */
export function doorOf(
  { gateway, request, path, query, startedAtMs: nowMs }: Visit,
  {
    route: { route },
    offers,
  }: { readonly api: CompiledApi; readonly route: CompiledRoute; readonly offers: readonly Offer[] },
  isStranger: boolean,
  paysNothing: boolean,
): Door {
  const desk =
    isStranger && (route.accessSeconds !== undefined || route.discount !== undefined) ? gateway.signIn : null;
  const spot = { url: `${gateway.gatewayUrl}${path}${query}`, routeId: route.id, offers, nowMs };
  const shown = request.headers[signInKey];
  return {
    ...{ desk, spot },
    proof: desk === null || !paysNothing || shown === undefined ? null : [shown].flat().join(','),
    challenge: () => desk?.challenge(spot),
  };
}
