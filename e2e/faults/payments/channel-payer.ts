import { setTimeout as sleep } from 'node:timers/promises';
import { loadMppx, type Mppx, type MppxCredential, mppxPayers } from '@tollwright/testing';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { API_PATH } from '../tenant.ts';
import { PRICE_ATOMIC, type Rails } from './every-rail.ts';

const FUNDS_ATOMIC = 1_000_000_000n;
/** What a channel gets: it pays 50 calls. */
const DEPOSIT_USD = '30';
const DEPOSIT_ATOMIC = 30_000_000n;
const AGAIN_AFTER_MS = 250;
const SHOWN_MS_MAX = 90_000;
const URL_PATH = `${API_PATH}/weather?city=Porto`;

/** What somebody saw of a voucher. A connection that broke has the status 0. */
export interface VoucherSeen {
  readonly status: number;
  readonly slug: string | null;
  readonly reason: string | null;
  readonly replayed: boolean;
}

/** A voucher that was signed and shown. */
export interface ShownVoucher {
  /** The claim of its payment; the upstream sees it in a header. */
  readonly mark: string;
  readonly cumulativeAtomic: bigint;
  readonly seen: VoucherSeen[];
}

/** A channel of its own payer. What is `over` pays no more. */
export interface PaidChannel {
  readonly payer: Hex;
  readonly channelId: string;
  readonly channelKey: string;
  readonly vouchers: ShownVoucher[];
  isOver: boolean;
}

/** How a call went in the end: `taken` was paid and not seen, `over` has no channel any more. */
export type CallEnd = 'served' | 'taken' | 'over';

/** Chooses the gateway that is asked next. */
export type Where = () => string;

type Payload = { readonly channelId: string; readonly descriptor: Record<string, string>; readonly signature: string };

/** Somebody who pays calls by vouchers, one after the other, and shows each until it is certain what became of it. */
export class ChannelPayer {
  readonly channels: PaidChannel[] = [];
  readonly #rails: Rails;
  readonly #mppx: Mppx;
  readonly #key = generatePrivateKey();
  readonly address = privateKeyToAccount(this.#key).address.toLowerCase() as Hex;
  #shown: MppxCredential | null = null;
  #next = PRICE_ATOMIC;

  private constructor(rails: Rails, mppx: Mppx) {
    this.#rails = rails;
    this.#mppx = mppx;
  }

  static async fund(rails: Rails): Promise<ChannelPayer> {
    const payer = new ChannelPayer(rails, await loadMppx());
    await rails.tempo.fund(payer.address, FUNDS_ATOMIC);
    return payer;
  }

  get channel(): PaidChannel | null {
    const last = this.channels.at(-1);
    return last === undefined || last.isOver ? null : last;
  }

  /** Pays one call, at a first gateway if one is given and elsewhere until the end is known; opens a channel where it has none. */
  async call(where: Where, first: string | null = null): Promise<CallEnd> {
    const deadline = Date.now() + SHOWN_MS_MAX;
    if (this.channel !== null && this.#next > DEPOSIT_ATOMIC) await this.close(where);
    let credential = this.channel === null ? await this.#open(where) : await this.#sign(where);
    const channel = this.channels.at(-1) as PaidChannel;
    const mark = `${channel.channelKey}#${this.#next}`;
    const voucher: ShownVoucher = { mark, cumulativeAtomic: this.#next, seen: [] };
    channel.vouchers.push(voucher);
    for (let gateway = first ?? where(); ; gateway = where()) {
      const { seen, required } = await present(`${gateway}${URL_PATH}`, {
        authorization: credential,
        'x-account': mark,
      });
      voucher.seen.push(seen);
      const end = endOf(seen);
      if (end === 'over') channel.isOver = true;
      if (end === 'served' || end === 'taken') this.#next = this.#required(required) ?? this.#next + PRICE_ATOMIC;
      if (end !== 'again') return end;
      // What opens a channel ends by itself. Whether it was in a block before, the channel's next voucher tells.
      if (seen.reason === 'payment-expired') credential = await this.#sign(where);
      if (Date.now() > deadline) throw new Error(`${mark} got ${said(voucher)} and no end`);
      await sleep(AGAIN_AFTER_MS);
    }
  }

  /** Asks to close its channel until it is closed. Answers the transaction that paid it out. */
  async close(where: Where): Promise<string | null> {
    const { channel } = this;
    if (channel === null || this.#shown === null) return null;
    const deadline = Date.now() + SHOWN_MS_MAX;
    const cumulativeAmount = (this.#next - PRICE_ATOMIC).toString();
    const signature = await this.#voucher(channel, this.#next - PRICE_ATOMIC);
    const payload = { ...(this.#shown.payload as Payload), action: 'close', cumulativeAmount, signature };
    for (;;) {
      const challenge = (await this.#challenge(where)) ?? this.#shown.challenge;
      const authorization = this.#mppx.Credential.serialize({ ...this.#shown, challenge, payload: closing(payload) });
      const response = await fetch(`${where()}${URL_PATH}`, { method: 'POST', headers: { authorization } }).catch(
        () => null,
      );
      if (response?.status === 204 || response?.status === 410) {
        channel.isOver = true;
        return response.headers.get('payment-receipt') ?? '';
      }
      if (Date.now() > deadline) throw new Error(`${channel.channelKey} is not closed: ${await response?.text()}`);
      await sleep(AGAIN_AFTER_MS);
    }
  }

  /** Has mppx open a channel, and keeps what it would send. */
  async #open(where: Where): Promise<string> {
    const kept: string[] = [];
    const { rpcUrl } = this.#rails.tempo;
    const keep: typeof fetch = async (input, init) => {
      const authorization = new Headers(init?.headers).get('authorization');
      if (authorization === null) return fetch(input, init);
      kept.push(authorization);
      return new Response(null, { status: 500 });
    };
    const session = mppxPayers(this.#mppx).session({ privateKey: this.#key, rpcUrl }, DEPOSIT_USD, keep);
    const deadline = Date.now() + SHOWN_MS_MAX;
    for (;;) {
      await session.fetch(`${where()}${URL_PATH}`).catch(() => undefined);
      const [opening] = kept;
      if (opening !== undefined) {
        this.#shown = this.#mppx.Credential.deserialize(opening);
        const { channelId } = this.#shown.payload as Payload;
        const channelKey = `channel:eip155:${this.#rails.tempo.chainId}:${channelId.toLowerCase()}`;
        this.channels.push({ payer: this.address, channelId, channelKey, vouchers: [], isOver: false });
        this.#next = PRICE_ATOMIC;
        return opening;
      }
      if (Date.now() > deadline) throw new Error('nobody offers a session');
      await sleep(AGAIN_AFTER_MS);
    }
  }

  async #sign(where: Where): Promise<string> {
    const [channel, shown] = [this.channel as PaidChannel, this.#shown as MppxCredential];
    const { channelId, descriptor } = shown.payload as Payload;
    const signature = await this.#voucher(channel, this.#next);
    const challenge = await this.#challenge(where);
    if (challenge === null) throw new Error('nobody offers a session');
    const cumulativeAmount = this.#next.toString();
    const payload = { action: 'voucher', channelId, descriptor, cumulativeAmount, signature };
    return this.#mppx.Credential.serialize({ ...shown, challenge, payload });
  }

  #voucher({ channelId }: PaidChannel, cumulativeAmount: bigint): Promise<string> {
    const { tempo } = this.#rails;
    const account = this.#mppx.privateKeyToAccount(this.#key);
    const { signVoucher } = this.#mppx.Session.Precompile.Voucher;
    return signVoucher(null, account, { channelId, cumulativeAmount }, tempo.escrow, tempo.chainId);
  }

  /** A fresh challenge, of any gateway that answers. Null: none did. */
  async #challenge(where: Where) {
    const deadline = Date.now() + SHOWN_MS_MAX;
    while (Date.now() < deadline) {
      const asked = await fetch(`${where()}${URL_PATH}`).catch(() => null);
      const offered = asked?.status === 402 ? (asked.headers.get('www-authenticate') ?? '') : '';
      const found =
        offered === ''
          ? undefined
          : this.#mppx.Challenge.deserializeList(offered).find(({ intent }) => intent === 'session');
      if (found !== undefined) return found;
      await sleep(AGAIN_AFTER_MS);
    }
    return null;
  }

  #required(challenges: string): bigint | null {
    if (challenges === '') return null;
    const session = this.#mppx.Challenge.deserializeList(challenges).find(({ intent }) => intent === 'session');
    const details = session?.request.methodDetails as { sessionSnapshot?: { requiredCumulative: string } } | undefined;
    const required = details?.sessionSnapshot?.requiredCumulative;
    return required === undefined ? null : BigInt(required);
  }
}

/** What an answer says of a voucher's call; `again`: not how it ends. Throws where a good voucher was refused. */
function endOf({ status, slug, reason }: VoucherSeen): CallEnd | 'again' {
  if (status === 200) return 'served';
  // Its answer was lost with a gateway, or with the store that kept it.
  if (slug === 'payment-used' || reason === 'session/insufficient-balance') return 'taken';
  if (status === 410) return 'over';
  if (status === 0 || status === 409 || status === 503 || reason === 'payment-expired') return 'again';
  throw new Error(`a voucher got ${status} ${slug} ${reason}`);
}

function closing({ action, channelId, descriptor, cumulativeAmount, signature }: Payload & Record<string, unknown>) {
  return { action, channelId, descriptor, cumulativeAmount, signature };
}

function said({ seen }: ShownVoucher): string {
  return [...new Set(seen.map(({ status, slug, reason }) => `${status} ${slug} ${reason}`))].join(', ');
}

async function present(url: string, headers: Record<string, string>) {
  try {
    const response = await fetch(url, { headers });
    const text = await response.text();
    const slug = /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1] ?? null;
    const reason = /"reason":"([^"]+)"/.exec(text)?.[1] ?? null;
    const seen = { status: response.status, slug, reason, replayed: response.headers.has('tollwright-replayed') };
    return { seen, required: response.headers.get('www-authenticate') ?? '' };
  } catch {
    return { seen: { status: 0, slug: null, reason: null, replayed: false }, required: '' };
  }
}
