import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { eventually } from '../eventually.ts';
import { PRICE_ATOMIC } from '../faults/payments/every-rail.ts';
import { API_PATH } from '../faults/tenant.ts';
import { debitsOf, type Lab } from './lab.ts';
import type { DefectRow } from './row.ts';

const CHUNKS = 6;
const CHUNK_MS = 250;
const SETTLED_MS_MAX = 30_000;

/** What goes wrong where an answer is a stream. */
export const STREAM_ROWS: readonly DefectRow[] = [
  {
    row: 'x402-sse-first-byte',
    ours(lab) {
      const upstream = { chunks: CHUNKS, chunkIntervalMs: CHUNK_MS };
      const messages = [{ role: 'user', content: 'hi' }];
      const body = JSON.stringify({ model: 'toll-small', stream: true, max_tokens: CHUNKS, messages, upstream });
      const headers = { 'content-type': 'application/json' };
      return payForStream(lab, `${lab.gateway.url}${API_PATH}/v1/chat/completions`, { method: 'POST', headers, body });
    },
    expected: { status: 200, firstByteIsEarly: true, debits: 1 },
    async library(lab) {
      Object.assign(lab.x402.work, { events: CHUNKS, delayMs: CHUNK_MS });
      try {
        return await payForStream(lab, `${lab.x402.url}/paid`);
      } finally {
        Object.assign(lab.x402.work, { events: 0, delayMs: 0 });
      }
    },
  },
];

/** Pays with the unmodified client, and says whether the first byte came long before the last. */
async function payForStream(lab: Lab, url: string, init: RequestInit = {}) {
  const { chain } = lab.rails;
  const signer = privateKeyToAccount(generatePrivateKey());
  await chain.mint(signer.address, PRICE_ATOMIC * 2n);
  await chain.approvePermit2(signer.address);
  const options = { rpcUrl: chain.rpcUrl };
  const client = new x402Client()
    .register(chain.network.network, new ExactEvmScheme(signer, options))
    .register(chain.network.network, new UptoEvmScheme(signer, options));
  let paidAt = 0;
  const timed: typeof fetch = (input, given) => {
    paidAt = performance.now();
    return fetch(input, given);
  };
  const response = await wrapFetchWithPayment(timed, client)(url, init);
  const reader = response.body?.getReader();
  await reader?.read();
  const firstMs = performance.now() - paidAt;
  while (!(await reader?.read())?.done);
  const wholeMs = performance.now() - paidAt;
  const debits = await eventually('the stream is paid for', SETTLED_MS_MAX, async () =>
    (await debitsOf(lab, signer.address)) > 0 ? debitsOf(lab, signer.address) : null,
  );
  return { status: response.status, firstByteIsEarly: firstMs < wholeMs / 2, debits };
}
