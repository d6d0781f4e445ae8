import { type Attack, Expectations } from '../scenario.ts';
import type { Gateway, Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { type Account, AMPLE_NANO_USD, CALL_NANO_USD } from '../tenant.ts';
import { auditPayments, type PaymentFigures } from './audit.ts';
import type { Rails } from './every-rail.ts';
import { Payers, type SignedCall } from './payer.ts';
import type { Way } from './ways.ts';

/** What scenarios about single payments begin and end with: a gateway that sells, who buys there, and what they signed. */
export class Shop {
  readonly expectations = new Expectations();
  readonly calls: SignedCall[] = [];
  readonly rails: Rails;
  readonly gateway: Gateway;
  readonly payers: Payers;
  readonly #stage: Stage;
  readonly #account: Account;
  readonly #owner: Account;

  private constructor(
    stage: Stage,
    gateway: Gateway,
    { account, owner, payers }: { readonly account: Account; readonly owner: Account; readonly payers: Payers },
  ) {
    this.#stage = stage;
    this.rails = stage.rails as Rails;
    this.gateway = gateway;
    this.payers = payers;
    this.#account = account;
    this.#owner = owner;
  }

  /** Starts the gateway, has a customer call it once, whose money is counted, and opens payers, some beside an owner's key. */
  static async open(scene: Scene, name: string): Promise<Shop> {
    const { stage } = scene;
    const gateway = await scene.gateway(name);
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(gateway, account);
    const owner = await scene.account('prepaid', AMPLE_NANO_USD);
    const payers = await Payers.open(stage.rails as Rails, owner);
    const shop = new Shop(stage, gateway, { account, owner, payers });
    shop.expectations.expect(known.status === 200, `a customer's call got ${known.status}`);
    return shop;
  }

  /** A new payment for a call, not shown yet. */
  async sign(way: Way): Promise<SignedCall> {
    const call = await this.payers.sign(way, this.gateway.url);
    this.calls.push(call);
    return call;
  }

  /** Payments for so many calls of one payer who is trusted. */
  async borrow(count: number): Promise<readonly SignedCall[]> {
    const calls = await this.payers.borrow(count, this.gateway.url);
    this.calls.push(...calls);
    return calls;
  }

  /** Everything signed here, judged against what moved outside. What does not agree is among the expectations. */
  audit(): Promise<PaymentFigures> {
    return auditPayments(this.#stage, { calls: this.calls, owner: this.#owner }, this.expectations.failures);
  }

  attack(raw: NonNullable<Attack['raw']>): Attack {
    const answers = this.calls.reduce((sum, call) => sum + call.answers.length, 0);
    const { failures } = this.expectations;
    return { attempts: 1 + answers, counted: [{ account: this.#account }], raw, failures };
  }
}
