import { type Chain, type Mppx, type MppxCredential, mppxPayers, type Tempo } from '@tollwright/testing';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Policy } from './paid-route.ts';
import { PRICE } from './subjects.ts';

const DEPOSIT_USD = '60';

/** Who pays for calls by one rail. */
export interface Payer {
  readonly rail: string;
  readonly policies: readonly Policy[];
  /** The header that pays for what was asked. */
  credential(asked: Response, url: string, init: RequestInit): Promise<Record<string, string>>;
}

/** Signs the ceiling of a call as the official client does, and keeps what it would send. */
export async function uptoPayer(chain: Chain, fundsAtomic: bigint): Promise<Payer> {
  const signer = privateKeyToAccount(generatePrivateKey());
  await chain.mint(signer.address, fundsAtomic);
  await chain.approvePermit2(signer.address);
  const client = new x402Client().register(chain.network.network, new UptoEvmScheme(signer, { rpcUrl: chain.rpcUrl }));
  return {
    ...{ rail: 'x402', policies: ['upto'] },
    async credential(_asked, url, init) {
      return {
        'payment-signature': await kept('payment-signature', (by) => wrapFetchWithPayment(by, client)(url, init)),
      };
    },
  };
}

/** Pays by vouchers of one channel, which mppx opens at the first call. */
export function sessionPayer(mppx: Mppx, tempo: Tempo, privateKey: Hex): Payer {
  const account = mppx.privateKeyToAccount(privateKey);
  let opened: MppxCredential | null = null;
  let cumulative = PRICE / 1_000n;
  return {
    ...{ rail: 'tempo', policies: ['session'] },
    async credential(asked, url) {
      if (opened === null) {
        const pay = (by: typeof fetch) =>
          mppxPayers(mppx).session({ privateKey, rpcUrl: tempo.rpcUrl }, DEPOSIT_USD, by).fetch(url);
        const authorization = await kept('authorization', pay);
        opened = mppx.Credential.deserialize(authorization);
        return { authorization };
      }
      cumulative += PRICE / 1_000n;
      const { channelId, descriptor } = opened.payload as { channelId: string; descriptor: object };
      const voucher = { channelId, cumulativeAmount: cumulative };
      const { signVoucher } = mppx.Session.Precompile.Voucher;
      const signature = await signVoucher(null, account, voucher, tempo.escrow, tempo.chainId);
      const offered = mppx.Challenge.deserializeList(asked.headers.get('www-authenticate') ?? '');
      const challenge = offered.find(({ intent }) => intent === 'session');
      if (challenge === undefined) throw new Error('no session is offered');
      const payload = { action: 'voucher', channelId, descriptor, cumulativeAmount: `${cumulative}`, signature };
      return { authorization: mppx.Credential.serialize({ ...opened, challenge, payload }) };
    },
  };
}

/** The header by which a client would pay; what it asks before goes out. */
async function kept(name: string, pay: (by: typeof fetch) => Promise<unknown>): Promise<string> {
  let found = '';
  await pay(async (input, init) => {
    const request = new Request(input, init);
    const value = request.headers.get(name);
    if (value === null) return fetch(request);
    found = value;
    return new Response('{}');
  });
  if (found === '') throw new Error(`nobody signed a ${name}`);
  return found;
}
