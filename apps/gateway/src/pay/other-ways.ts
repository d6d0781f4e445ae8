import { formatUsd } from '@tollwright/core';
import type { Challenge, LeftOut } from '@tollwright/payments';
import { apiUrl, type Seller } from '../discovery/operation.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';

/** A rail that makes no offer for a price, as callers are told. */
export type LeftOutMember = Pick<LeftOut, 'rail' | 'network' | 'reason'> & { readonly minimumUsd?: string };

/** A plan that anybody may subscribe to. */
export interface PlanMember {
  readonly key: string;
  readonly name: string;
  readonly url: string;
}

/** Why rails are missing from a 402, in their order. */
export function leftOutMembers(leftOut: readonly LeftOut[]): readonly LeftOutMember[] {
  return leftOut.map(({ rail, network, reason, minimumNanoUsd }) => ({
    ...{ rail, network, reason },
    ...(minimumNanoUsd === undefined ? {} : { minimumUsd: formatUsd(minimumNanoUsd) }),
  }));
}

/** The plans of an API that are for everybody, newest version of each. */
export function planMembers({ portalUrl }: Seller, { snapshot }: CompiledApi): readonly PlanMember[] {
  const url = `${portalUrl}/p/${snapshot.providerSlug}`;
  return snapshot.plans
    .filter(({ isOnOffer }) => isOnOffer === true)
    .map(({ planKey, planName }) => ({ key: planKey, name: planName ?? planKey, url }));
}

/** A 402 with what may be bought instead, and why some rails are missing. Members are there only where there is something to say. */
export function withOtherWays(
  challenge: Challenge,
  seller: Seller,
  api: CompiledApi,
  leftOut: readonly LeftOut[],
): Challenge {
  const [missing, plans] = [leftOutMembers(leftOut), planMembers(seller, api)];
  const base = apiUrl(seller, api);
  const links = [
    `<${base}/openapi.json>; rel="service-desc"; type="application/json"`,
    `<${base}/llms.txt>; rel="service-doc"; type="text/plain"`,
    ...(plans.length === 0
      ? []
      : [`<${seller.portalUrl}/p/${api.snapshot.providerSlug}>; rel="payment"; title="Plans"`]),
  ];
  return {
    headers: [...challenge.headers, ['link', links.join(', ')]],
    members: {
      ...challenge.members,
      ...(missing.length === 0 ? {} : { leftOut: missing }),
      ...(plans.length === 0 ? {} : { plans }),
    },
  };
}
