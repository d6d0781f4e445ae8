import { type PaymentPayload, parsePaymentPayloadV2, serializePaymentPayload } from '@tollwright/protocols';
import { encodeFunctionData, parseAbi, serializeErc6492Signature } from 'viem';
import { describe, expect, it } from 'vitest';
import type { LimitedFetch } from '../limited-fetch.ts';
import type { Verification } from '../rail.ts';
import { ContractPayers } from './contract-payers.ts';
import type { X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';
import { signedDigest } from './signed-transfer.ts';
import { checked, nowMs, permitFor, quoted, signedPermit, stranger, wallet } from './signing-harness.ts';

const [offer] = quoted({ ...wallet, transferMethods: ['permit2'] }, 10_000_000n) as readonly [QuotedOffer];
const long = `0x${'ab'.repeat(97)}`;
const contract = { ...permitFor(offer), from: stranger };

async function signedAs(signature: string | null): Promise<PaymentPayload> {
  const signed = await signedPermit(offer, contract);
  const payload = { ...signed.payload, signature: signature ?? signed.payload.signature };
  return { ...signed, payload } as PaymentPayload;
}

async function paymentWith(signature: string): Promise<X402Payment> {
  const result = checked(await signedAs(signature), [offer]);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.payment;
}

describe('check of a signature that is no key of the payer', () => {
  it('leaves it to the payer’s code, if its length is no key’s, or if a node can be asked for it', async () => {
    const refused = { kind: 'refused', reason: 'invalid_permit2_signature' };
    const accepted = { kind: 'accepted', payment: { signedBy: 'contract', payer: stranger } };
    expect(checked(await signedAs(long), [offer])).toMatchObject(accepted);
    expect(checked(await signedAs(null), [offer])).toEqual(refused);
    expect(checked(await signedAs(null), [offer], nowMs, true)).toMatchObject(accepted);
    expect(checked(await signedPermit(offer, permitFor(offer)), [offer], nowMs, true)).toMatchObject({
      kind: 'accepted',
      payment: { signedBy: 'key' },
    });
  });

  it('refuses one that comes with the deployment of its wallet', async () => {
    const wrapped = serializeErc6492Signature({ address: stranger, data: '0x1234', signature: long as `0x${string}` });
    expect(checked(await signedAs(wrapped), [offer], nowMs, true)).toEqual({
      kind: 'refused',
      reason: 'erc6492_signature_not_supported',
    });
  });

  it('is read up to 2,048 bytes, in whole bytes', async () => {
    const read = async (signature: string) =>
      parsePaymentPayloadV2(serializePaymentPayload(await signedAs(signature))).kind;
    const kinds = [await read(`0x${'ab'.repeat(2_048)}`), await read('0x'), await read('0xabc')];
    expect(kinds).toEqual(['ok', 'malformed', 'malformed']);
  });
});

/** A node that answers as it is told, and what it was asked. */
function nodeWith(answers: { code?: string; call?: string | Error; away?: boolean }) {
  const calls: { to: string; data: string }[] = [];
  const fetch: LimitedFetch = async (_address, { body }) => {
    if (answers.away === true) throw new Error('away');
    const { method, params } = JSON.parse(body ?? '') as { method: string; params: [never] };
    if (method === 'eth_getCode') return Response.json({ result: answers.code ?? '0x6001' });
    calls.push(params[0]);
    if (answers.call instanceof Error) return Response.json({ error: { code: 3, message: answers.call.message } });
    return Response.json({ result: answers.call });
  };
  return { calls, payers: new ContractPayers({ rpcUrls: new Map([[wallet.network, 'http://node']]), fetch }) };
}

const good = `0x1626ba7e${'0'.repeat(56)}`;
const next = async (): Promise<Verification> => ({ kind: 'valid' });
const never = () => Promise.reject(new Error('the facilitator was asked'));

describe('the payer’s code', () => {
  it('is asked by isValidSignature of ERC-1271, then the facilitator', async () => {
    const { payers, calls } = nodeWith({ call: good });
    const payment = await paymentWith(long);
    expect(await payers.verify(payment, next)).toEqual({ kind: 'valid' });
    expect(await payers.verify(payment, async () => ({ kind: 'invalid', reason: 'x' }))).toMatchObject({ reason: 'x' });
    const digest = signedDigest(payment.payload, payment.offer) ?? new Uint8Array();
    const abi = parseAbi(['function isValidSignature(bytes32,bytes)']);
    const args = [`0x${Buffer.from(digest).toString('hex')}`, long] as const;
    expect(calls[0]).toEqual({ to: stranger, data: encodeFunctionData({ abi, args: args as never }) });
  });

  it.each([
    ['says another word', { call: `0xffffffff${'0'.repeat(56)}` }, 'invalid'],
    ['says nothing', { call: '0x' }, 'invalid'],
    ['reverts', { call: new Error('execution reverted') }, 'invalid'],
    ['is not there', { code: '0x' }, 'invalid'],
    ['cannot be asked', { away: true }, 'unavailable'],
  ])('lets nothing through where it %s', async (_what, answers, kind) => {
    expect((await nodeWith(answers).payers.verify(await paymentWith(long), never)).kind).toBe(kind);
  });

  it('is left to the facilitator where no node is known', async () => {
    const payment = await paymentWith(long);
    expect(await new ContractPayers().verify(payment, async () => ({ kind: 'invalid', reason: 'x' }))).toMatchObject({
      reason: 'x',
    });
  });

  it('is asked what it signed where nothing is paid, and never believed without a node', async () => {
    const said = {
      network: wallet.network,
      address: stranger,
      digest: new Uint8Array(32),
      signature: long,
      refusal: 'no',
    };
    expect(await nodeWith({ call: good }).payers.verifySaid(said)).toEqual({ kind: 'valid' });
    expect((await nodeWith({ away: true }).payers.verifySaid(said)).kind).toBe('unavailable');
    const no = { kind: 'invalid', reason: 'no' };
    expect(await nodeWith({ code: '0x' }).payers.verifySaid(said)).toEqual(no);
    expect(await new ContractPayers().verifySaid(said)).toEqual(no);
  });

  it('is not asked for more than sixteen payments at once', async () => {
    const payment = await paymentWith(long);
    const payers = new ContractPayers();
    let answer: (verdict: Verification) => void = () => undefined;
    const open = new Promise<Verification>((resolve) => {
      answer = resolve;
    });
    const running = Array.from({ length: 16 }, () => payers.verify(payment, () => open));
    expect((await payers.verify(payment, never)).kind).toBe('unavailable');
    answer({ kind: 'valid' });
    expect(await Promise.all(running)).toEqual(Array(16).fill({ kind: 'valid' }));
    expect(await payers.verify(payment, next)).toEqual({ kind: 'valid' });
  });
});
