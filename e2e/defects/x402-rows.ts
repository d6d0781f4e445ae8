import { setTimeout as sleep } from 'node:timers/promises';
import { loadX402V1, type PeerSeller, startFacilitator, startX402Seller } from '@tollwright/testing';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { createWalletClient, type Hex, http, parseAbi } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { baseSepolia } from 'viem/chains';
import { eventually } from '../eventually.ts';
import { PRICE_ATOMIC } from '../faults/payments/every-rail.ts';
import { API_PATH } from '../faults/tenant.ts';
import { paymentHeader, type SignedPayment } from '../payer.ts';
import { asksAgain, debitsOf, forwardedBy, type Lab, paidUrl, signX402, tallied, wordOf } from './lab.ts';
import type { DefectRow } from './row.ts';

const AT_ONCE = 10;
const PAYMENTS = 20;
const MALFORMED = 50;
const WORK_MS = 300;
const RESOLVED_MS_MAX = 60_000;
const slowly = { 'x-upstream-delay-ms': String(WORK_MS) };
const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
const show = (url: string, payment: SignedPayment, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { ...paymentHeader(payment), ...headers } });
const libraryUrl = ({ x402 }: Lab, path = '/paid') => `${x402.url}${path}`;

/** Runs of the library's own work while something happens, which takes `delayMs` and ends in `status`. */
async function runsOf(
  seller: PeerSeller,
  work: () => Promise<unknown>,
  how: { delayMs?: number; status?: number } = {},
) {
  const before = seller.work.runs;
  Object.assign(seller.work, { delayMs: 0, status: 200, ...how });
  await work();
  Object.assign(seller.work, { delayMs: 0, status: 200 });
  return seller.work.runs - before;
}

async function tenAtOnce(lab: Lab, url: string, runs: (work: () => Promise<unknown>) => Promise<number>) {
  const { payer, payment } = await signX402(lab, url);
  let answers: Response[] = [];
  const ran = await runs(async () => {
    answers = await times(AT_ONCE, () => show(url, payment, slowly));
  });
  return { ...tallied(answers), runs: ran, debits: await debitsOf(lab, payer) };
}

/** Waits until the payment is told to have an end. */
async function endOf(url: string, payment: SignedPayment): Promise<string> {
  return eventually('the payment has an end', RESOLVED_MS_MAX, async () => {
    const word = await wordOf(await show(url, payment));
    return word.startsWith('409') ? word : null;
  });
}

/** Sends an authorization in somebody else's name, as whoever saw it can. */
async function settleFirst({ rails: { chain } }: Lab, { payload }: SignedPayment): Promise<void> {
  const account = privateKeyToAccount(chain.accounts[4]?.privateKey as Hex);
  const { from, to, value, validAfter, validBefore, nonce } = payload.authorization;
  const wallet = createWalletClient({ account, chain: baseSepolia, transport: http(chain.rpcUrl) });
  await wallet.writeContract({
    address: chain.usdc,
    abi: parseAbi([
      'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
    ]),
    functionName: 'transferWithAuthorization',
    args: [from, to, BigInt(value), BigInt(validAfter), BigInt(validBefore), nonce, payload.signature],
  });
}

const chatWith = (more: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], ...more }),
});
const CHAT = chatWith({});

/** What goes wrong by x402, and what `@x402/express` makes of it. */
export const X402_ROWS: readonly DefectRow[] = [
  {
    row: 'x402-ten-at-once',
    ours: (lab) => tenAtOnce(lab, paidUrl(lab), (work) => forwardedBy(lab, work)),
    expected: { status200: 1, status409: 9, runs: 1, debits: 1 },
    library: (lab) => tenAtOnce(lab, libraryUrl(lab), (work) => runsOf(lab.x402, work, { delayMs: WORK_MS })),
  },
  {
    row: 'x402-other-route',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      const elsewhere = await wordOf(await show(paidUrl(lab, 'before'), payment));
      return { elsewhere, debits: await debitsOf(lab, payer) };
    },
    expected: { elsewhere: '402 payment-invalid', debits: 0 },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      const elsewhere = await wordOf(await show(libraryUrl(lab, '/also-paid'), payment));
      return { elsewhere, debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-lost-settle-reply',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      lab.rails.facilitator.faults.loseSettleReplies = 1;
      const first = await show(paidUrl(lab), payment);
      const seen = {
        asksAgain: asksAgain(first),
        first: await wordOf(first),
        later: await endOf(paidUrl(lab), payment),
      };
      return { ...seen, debits: await debitsOf(lab, payer) };
    },
    expected: { asksAgain: false, first: '503 payment-unknown', later: '409 payment-used', debits: 1 },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      lab.rails.facilitator.faults.loseSettleReplies = 1;
      const first = await show(libraryUrl(lab), payment);
      return { asksAgain: first.status === 402, first: await wordOf(first), debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-facilitator-down',
    async ours(lab) {
      const { payment } = await signX402(lab, paidUrl(lab));
      lab.rails.facilitator.faults.failVerifies = 1;
      const first = await show(paidUrl(lab), payment);
      const asked = asksAgain(first);
      const word = await wordOf(first);
      return { asksAgain: asked, first: word, again: (await show(paidUrl(lab), payment)).status };
    },
    expected: { asksAgain: false, first: '503 state-unavailable', again: 200 },
    async library(lab) {
      const { payment } = await signX402(lab, libraryUrl(lab));
      lab.rails.facilitator.faults.failVerifies = 1;
      const first = await show(libraryUrl(lab), payment);
      return { asksAgain: asksAgain(first), first: await wordOf(first) };
    },
  },
  {
    row: 'x402-upstream-503',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      const failed = await show(paidUrl(lab), payment, { 'x-upstream-status': '503' });
      const receipt = failed.headers.has('payment-response');
      const debits = await debitsOf(lab, payer);
      return { failed: failed.status, receipt, debits, again: (await show(paidUrl(lab), payment)).status };
    },
    expected: { failed: 503, receipt: false, debits: 0, again: 200 },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      let failed = new Response();
      await runsOf(lab.x402, async () => (failed = await show(libraryUrl(lab), payment)), { status: 503 });
      const receipt = failed.headers.has('payment-response');
      return { failed: failed.status, receipt, debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-head',
    async ours(lab) {
      let status = 0;
      const runs = await forwardedBy(lab, async () => {
        status = (await fetch(paidUrl(lab), { method: 'HEAD' })).status;
      });
      return { refused: status === 402 || status === 405, runs };
    },
    expected: { refused: true, runs: 0 },
    async library(lab) {
      let status = 0;
      const runs = await runsOf(lab.x402, async () => {
        status = (await fetch(libraryUrl(lab), { method: 'HEAD' })).status;
      });
      return { refused: status === 402 || status === 405, runs };
    },
  },
  {
    row: 'x402-twenty-nonces',
    async ours(lab) {
      const signed = await times(PAYMENTS, () => signX402(lab, paidUrl(lab)));
      const answers = await Promise.all(signed.map(({ payment }) => show(paidUrl(lab), payment)));
      return tallied(answers);
    },
    expected: { status200: PAYMENTS },
    async library(lab) {
      const { chain } = lab.rails;
      const privateKey = chain.accounts[5]?.privateKey as Hex;
      const facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey, numbersNothing: true });
      const network = `eip155:${chain.chainId}`;
      const terms = { facilitatorUrl: facilitator.url, network, payTo: lab.libraryPayTo, price: '$0.60' };
      const seller = await startX402Seller(terms);
      try {
        const url = `${seller.url}/paid`;
        const signed = await times(PAYMENTS, () => signX402(lab, url));
        return tallied(await Promise.all(signed.map(({ payment }) => show(url, payment))));
      } finally {
        await seller.close();
        await facilitator.close();
      }
    },
  },
  {
    row: 'x402-malformed',
    async ours(lab) {
      const before = lab.gateway.log().length;
      const answers = await times(MALFORMED, () =>
        fetch(paidUrl(lab), { headers: { 'payment-signature': 'bm8gSlNPTg==' } }),
      );
      await sleep(WORK_MS);
      return { ...tallied(answers), loggedCharacters: lab.gateway.log().length - before };
    },
    expected: { status400: MALFORMED, loggedCharacters: 0 },
    async library(lab) {
      const { error, warn } = console;
      let loggedCharacters = 0;
      const count = (...words: unknown[]) => {
        for (const word of words)
          loggedCharacters += (word instanceof Error ? (word.stack ?? '') : String(word)).length;
      };
      Object.assign(console, { error: count, warn: count });
      try {
        const answers = await times(MALFORMED, () =>
          fetch(libraryUrl(lab), { headers: { 'payment-signature': 'bm8gSlNPTg==' } }),
        );
        return { ...tallied(answers), loggedCharacters };
      } finally {
        Object.assign(console, { error, warn });
      }
    },
  },
  {
    row: 'x402-version-1',
    ours: (lab) => payByVersion1(lab, paidUrl(lab)),
    expected: { answered: '200' },
    library: (lab) => payByVersion1(lab, libraryUrl(lab)),
  },
  {
    row: 'x402-calldata',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      const first = await show(paidUrl(lab), payment);
      let thief = '';
      const runs = await forwardedBy(lab, async () => {
        thief = await wordOf(await show(paidUrl(lab), payment));
      });
      return { first: first.status, thief, runs, debits: await debitsOf(lab, payer) };
    },
    expected: { first: 200, thief: '409 payment-used', runs: 0, debits: 1 },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      const first = await show(libraryUrl(lab), payment);
      let thief = new Response();
      const runs = await runsOf(lab.x402, async () => (thief = await show(libraryUrl(lab), payment)));
      const seen = { asksAgain: asksAgain(thief), thief: await wordOf(thief), runs };
      return { first: first.status, ...seen, debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-front-run',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      const under = show(paidUrl(lab), payment, { 'x-upstream-delay-ms': '1000' });
      await sleep(WORK_MS);
      await settleFirst(lab, payment);
      const first = await under;
      const seen = {
        asksAgain: asksAgain(first),
        first: await wordOf(first),
        later: await endOf(paidUrl(lab), payment),
      };
      return { ...seen, debits: await debitsOf(lab, payer) };
    },
    expected: { asksAgain: false, first: '503 payment-unknown', later: '409 payment-used', debits: 1 },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      let first = new Response();
      await runsOf(
        lab.x402,
        async () => {
          const under = show(libraryUrl(lab), payment);
          await sleep(WORK_MS);
          await settleFirst(lab, payment);
          first = await under;
        },
        { delayMs: 1_000 },
      );
      return { asksAgain: first.status === 402, first: await wordOf(first), debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-upto-ceiling',
    async ours(lab) {
      const upstream = { reportedPromptTokens: 9_000_000, reportedCompletionTokens: 9_000_000 };
      return payUpTo(lab, `${lab.gateway.url}${API_PATH}/v1/chat/completions`, chatWith({ upstream }));
    },
    expected: { status: 200, debits: 1, withinCeiling: true },
    async library(lab) {
      lab.x402.work.usedAtomic = PRICE_ATOMIC + 1n;
      let seen: Awaited<ReturnType<typeof payUpTo>> | null = null;
      const runs = await runsOf(lab.x402, async () => {
        seen = await payUpTo(lab, libraryUrl(lab, '/metered'));
      });
      lab.x402.work.usedAtomic = null;
      return { ...(seen ?? {}), runs };
    },
  },
  {
    row: 'x402-settlement-override',
    async ours(lab) {
      const { payer, payment } = await signX402(lab, paidUrl(lab));
      const answer = await show(paidUrl(lab), payment, { 'x-upstream-payment-headers': '1' });
      const passedOn = answer.headers.has('settlement-overrides') || answer.headers.has('www-authenticate');
      const paid = (await lab.rails.chain.transfers(payer)).map(({ amountAtomic }) => amountAtomic === PRICE_ATOMIC);
      return { status: answer.status, passedOn, debits: paid.length, atThePrice: paid.every((isPrice) => isPrice) };
    },
    expected: { status: 200, passedOn: false, debits: 1, atThePrice: true },
    async library(lab) {
      const { payer, payment } = await signX402(lab, libraryUrl(lab));
      lab.x402.work.usedAtomic = 1n;
      let answer = new Response();
      const runs = await runsOf(lab.x402, async () => {
        answer = await show(libraryUrl(lab), payment);
      });
      lab.x402.work.usedAtomic = null;
      return { status: answer.status, runs, debits: await debitsOf(lab, payer) };
    },
  },
  {
    row: 'x402-upto-no-allowance',
    ours: (lab) => payWithoutAllowance(lab, `${lab.gateway.url}${API_PATH}/v1/chat/completions`, CHAT),
    expected: { answer: '200', debits: 1 },
    library: (lab) => payWithoutAllowance(lab, libraryUrl(lab, '/metered')),
  },
];

/** Somebody with funds, who pays by scheme `upto` with the unmodified client. */
async function payerUpTo({ rails: { chain } }: Lab) {
  const signer = privateKeyToAccount(generatePrivateKey());
  await chain.mint(signer.address, PRICE_ATOMIC * 2n);
  const client = new x402Client().register(chain.network.network, new UptoEvmScheme(signer, { rpcUrl: chain.rpcUrl }));
  return { signer, pay: wrapFetchWithPayment(fetch, client) };
}

async function payWithoutAllowance(lab: Lab, url: string, init: RequestInit = {}) {
  const { signer, pay } = await payerUpTo(lab);
  return { answer: await wordOf(await pay(url, init)), debits: await debitsOf(lab, signer.address) };
}

async function payUpTo(lab: Lab, url: string, init: RequestInit = {}) {
  const { chain } = lab.rails;
  const { signer, pay } = await payerUpTo(lab);
  await chain.approvePermit2(signer.address);
  const { status } = await pay(url, init);
  const transfers = await chain.transfers(signer.address);
  const withinCeiling = transfers.every(({ amountAtomic }) => amountAtomic <= PRICE_ATOMIC);
  return { status, debits: transfers.length, withinCeiling };
}

async function payByVersion1({ rails: { chain } }: Lab, url: string) {
  const v1 = await loadX402V1();
  const key = generatePrivateKey();
  await chain.mint(privateKeyToAccount(key).address, PRICE_ATOMIC);
  const signer = await v1.createSigner('base-sepolia', key);
  // Its own limit is ten cents unless it is told otherwise.
  const pay = v1.wrapFetchWithPayment(fetch, signer, PRICE_ATOMIC);
  return pay(url).then(
    (response) => ({ answered: `${response.status}` }),
    (error: unknown) => ({ answered: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
  );
}
