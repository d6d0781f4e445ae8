import { loadMppx, tempoChain } from '@tollwright/testing';
import { createClient, http, publicActions } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { PRICE_ATOMIC } from '../faults/payments/every-rail.ts';
import { type Lab, paidUrl } from './lab.ts';
import type { DefectRow } from './row.ts';

/** What goes wrong where calls are paid by vouchers of a channel. */
export const SESSION_ROWS: readonly DefectRow[] = [
  {
    row: 'mpp-session-503',
    ours: (lab) => failOnce(lab, paidUrl(lab), (fails) => (fails ? { 'x-upstream-status': '503' } : {})),
    expected: { first: 200, failed: 503, receipt: false, callsCharged: 2 },
    library: (lab) =>
      failOnce(lab, `${lab.mppx.url}/tempo`, (fails) => {
        lab.mppx.work.status = fails ? 503 : 200;
        return {};
      }),
  },
];

/** Three calls on one channel, of which the second fails. */
async function failOnce(
  { rails: { tempo } }: Lab,
  url: string,
  prepare: (fails: boolean) => Readonly<Record<string, string>>,
) {
  const mppx = await loadMppx();
  const key = generatePrivateKey();
  const account = privateKeyToAccount(key);
  await tempo.fund(account.address, PRICE_ATOMIC * 100n);
  const options = { account, chain: tempoChain(tempo.rpcUrl), transport: http(tempo.rpcUrl), pollingInterval: 50 };
  const client = createClient(options).extend(publicActions);
  const own = mppx.privateKeyToAccount(key);
  const session = mppx.client.tempo.session.manager({ account: own, client, maxDeposit: '6' });
  const call = async (fails: boolean) => {
    const response = await session.fetch(url, { headers: prepare(fails) });
    await response.arrayBuffer();
    return response;
  };
  const first = await call(false);
  const failed = await call(true);
  const last = await call(false);
  const receipt = JSON.parse(Buffer.from(last.headers.get('payment-receipt') ?? '', 'base64url').toString());
  return {
    ...{ first: first.status, failed: failed.status, receipt: failed.headers.has('payment-receipt') },
    callsCharged: Number(BigInt(receipt.spent) / PRICE_ATOMIC),
  };
}
