import {
  type Actor,
  beginCard,
  getTopUps,
  listCreditBalances,
  type listPayments,
  saveCard,
  setTopUp,
} from '@tollwright/services';
import { eventually } from '../../eventually.ts';
import type { Stage } from '../stage.ts';
import type { Account } from '../tenant.ts';
import { DRAWN_CALL_NANO_USD } from '../tenant.ts';
import { sumsOfLedger } from './audit.ts';
import type { Rails } from './every-rail.ts';
import { allOf } from './outside.ts';
import { listAll, ownerOf } from './owner.ts';

/** What is charged at once: one call draws it all, and falls below what has to be left. */
export const TOP_UP_NANO_USD = DRAWN_CALL_NANO_USD;
const TOP_UP_CENTS = Number(TOP_UP_NANO_USD / 10_000_000n);
const BELOW_NANO_USD = 2_000_000_000n;
/** A worker that died keeps its jobs from others for so long, and more. */
const POSTED_MS_MAX = 60_000;

/** A charge as Stripe knows it. */
type Charge = Awaited<ReturnType<typeof allOf>>[number];

/** A customer's balance that is topped up from a card, with what everybody says of it. */
export class ToppedUp {
  readonly #stage: Stage;
  readonly #actor: Actor;
  readonly #target: { readonly providerId: string; readonly customerId: string };

  constructor(stage: Stage, account: Account) {
    this.#stage = stage;
    this.#actor = ownerOf(stage, account);
    this.#target = { providerId: stage.tenant.providerId, customerId: account.customerId };
  }

  /** Saves a card on the page of Stripe, as a person does. */
  async saveCard(): Promise<void> {
    const { services } = this.#stage;
    const { url } = await beginCard(services, this.#actor, this.#target);
    const form = new URLSearchParams({ method: 'pm_card_visa', country: 'US' });
    const page = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    const session = new URL(page.headers.get('location') ?? '', url).searchParams.get('card');
    if (session === null) throw new Error(`the page of Stripe answered ${page.status}`);
    await saveCard(services, this.#actor, { ...this.#target, session });
  }

  /** From now on at most so much is charged in a month. */
  async capAt(monthlyCapNanoUsd: bigint): Promise<void> {
    await setTopUp(this.#stage.services, this.#actor, {
      ...{ ...this.#target, belowNanoUsd: String(BELOW_NANO_USD), amountNanoUsd: String(TOP_UP_NANO_USD) },
      monthlyCapNanoUsd: String(monthlyCapNanoUsd),
    });
  }

  /** What the card was charged for this customer, by Stripe's own list. */
  async charges(): Promise<readonly Charge[]> {
    const intents = await allOf(this.#stage.rails as Rails, '/v1/payment_intents');
    const own = ({ metadata }: Charge) => metadata.tollwright_customer === this.#target.customerId;
    return intents.filter((one) => one.status === 'succeeded' && own(one));
  }

  async paidIn(): Promise<bigint> {
    const { items } = await listCreditBalances(this.#stage.services, this.#actor, this.#target);
    return BigInt(items[0]?.paidInNanoUsd ?? 0);
  }

  /** Compares Stripe, the balance, the owner's pages and the ledger, after so many times that the balance fell too low. */
  async audit(drawnCalls: number, crossings: number, failures: string[]) {
    const { services } = this.#stage;
    const charges = await this.charges();
    const balances = await listCreditBalances(services, this.#actor, this.#target);
    const topUps = await getTopUps(services, this.#actor, this.#target);
    const paid = await listAll(this.#stage, this.#actor, this.#target);
    const expect = (what: string, found: unknown, wanted: unknown) => {
      if (String(found) !== String(wanted)) failures.push(`${what}: ${found}, and not ${wanted}`);
    };
    const [paidIn, drawn] = [BigInt(charges.length) * TOP_UP_NANO_USD, BigInt(drawnCalls) * DRAWN_CALL_NANO_USD];
    // The last call may have been on its way when a worker died.
    const isPosted = async () => ((await sumsOfLedger(this.#stage))('credits') === drawn - paidIn ? true : null);
    await eventually('every call is in the ledger', POSTED_MS_MAX, isPosted).catch(() => undefined);
    const sumOf = await sumsOfLedger(this.#stage);
    const chargeIds = new Set(charges.map(({ metadata }) => metadata.tollwright_charge));
    expect('charges of the card', charges.length, crossings);
    expect('charges of one intent each', chargeIds.size, charges.length);
    expect('charges of another amount', charges.filter(({ amount }) => amount !== TOP_UP_CENTS).length, 0);
    expect('what was paid in', balances.items[0]?.paidInNanoUsd, paidIn);
    expect('what was drawn', balances.items[0]?.now?.drawnNanoUsd, drawn);
    expect('what is left', balances.items[0]?.now?.remainingNanoUsd, paidIn - drawn);
    expect('charges that have not ended', topUps.charges.filter(({ state }) => state === 'intended').length, 0);
    expect('charges of this month', topUps.rules[0]?.chargedThisMonthNanoUsd, paidIn);
    expect(
      'payments of the owner',
      paid.map(transactionOf).sort().join(),
      charges
        .map(({ id }) => id)
        .sort()
        .join(),
    );
    expect("the ledger's clearing account", sumOf('clearing_stripe'), paidIn);
    expect("the ledger's credits", sumOf('credits'), drawn - paidIn);
    return {
      ...{ crossings, charges: charges.length, drawnCalls, doubleCharges: Math.max(0, charges.length - crossings) },
      ...{ paidInNanoUsd: Number(paidIn), remainingNanoUsd: Number(paidIn - drawn) },
    };
  }

  /** Whether the cap of this month has kept a charge back, as the owner is told. */
  async isCapped(): Promise<boolean> {
    const { rules } = await getTopUps(this.#stage.services, this.#actor, this.#target);
    return rules[0]?.isCapped === true;
  }
}

type Paid = Awaited<ReturnType<typeof listPayments>>['items'][number];

function transactionOf({ transaction }: Paid): string {
  return transaction ?? 'none';
}
