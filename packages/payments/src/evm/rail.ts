import type { MppIssuer } from '../mpp/mpp-method.ts';
import { defineMppRail } from '../mpp/mpp-rail.ts';
import type { Rail } from '../rail.ts';
import type { FacilitatorPool } from '../x402/facilitator-pool.ts';
import { settlementOf, verificationOf } from '../x402/settlement.ts';
import { checkEvm } from './check.ts';
import { evmMemo, evmRequest, quoteEvm } from './offer.ts';

/** Method `evm` of MPP, intent `charge`, by ERC-3009 authorizations. Settled where x402 is settled. */
export function createEvmRail(issuer: MppIssuer, pool: FacilitatorPool): Rail {
  return defineMppRail(issuer, {
    name: 'evm',
    intent: 'charge',
    capabilities: {
      ...{
        amounts: ['fixed'],
        minimumNanoUsd: null,
        bindsBody: true,
        namesPayer: true,
        networks: ['eip155'],
        currencies: ['usd'],
      },
      ...{ settles: ['after', 'before'], session: false },
    },
    quote: (wallets, priceNanoUsd) => quoteEvm(pool, wallets, priceNanoUsd),
    requestOf: evmRequest,
    memoOf: evmMemo,
    check: checkEvm,
    verify: async ({ authorization, payer }) => verificationOf(await pool.verify(authorization), payer),
    settle: async ({ authorization }, { charge }) =>
      settlementOf(await pool.settle(authorization, charge), charge.amountAtomic),
  });
}
