import type { ChannelRecord } from '@tollwright/contracts';
import {
  type ChannelDescriptor,
  type ChannelState,
  closeData,
  settleData,
  tempoChannelReserve,
  textHash,
} from '@tollwright/protocols';
import type { SignedVoucher } from '@tollwright/state';
import type { ChannelAct, ChannelDesk } from '../../channel.ts';
import type { ChainNodes } from '../../x402/desk.ts';
import { type ChainNode, callNode, listOf, quantity, textMember } from '../../x402/json-rpc.ts';
import { readChannel, sendDeposit } from './channel-chain.ts';
import { signReserveCall } from './send-as-operator.ts';

/** The key of an address that may settle a channel; null where nobody here has one. */
export type OperatorKeyOf = (channel: ChannelRecord) => Promise<string | null>;

const closedTopic = `0x${textHash('ChannelClosed(bytes32,address,address,uint96,uint96)')}`;
/** A channel that was closed longer ago than so many blocks is not looked for. */
const blocksBack = 50_000n;

/**
 * Takes vouchers to the channel reserve. Both acts may be tried again and again: the reserve pays a voucher once, and a closed
 * channel is gone.
 */
export function tempoChannelDesk(nodes: ChainNodes, keyOf: OperatorKeyOf): ChannelDesk {
  const nodeOf = ({ network }: ChannelRecord): ChainNode => {
    const rpcUrl = nodes.rpcUrls.get(network);
    if (rpcUrl === undefined) throw new Error(`no RPC address for ${network}`);
    return { rpcUrl, fetch: nodes.fetch };
  };
  const read = (channel: ChannelRecord) => readChannel(nodeOf(channel), idOf(channel));
  const send = async (channel: ChannelRecord, data: string): Promise<string> => {
    const [node, key] = [nodeOf(channel), await keyOf(channel)];
    if (key === null) throw new Error('no key that settles channels');
    const signed = await signReserveCall(node, key, { ...channel, data });
    const end = await sendDeposit(node, signed);
    if (end === null) return signed.transaction;
    throw new Error('reason' in end ? end.reason : 'it was not sent');
  };
  return {
    read,
    settle: (channel, voucher) => attempt(() => settle(channel, voucher, read, send)),
    close: (channel, voucher, captureAtomic) =>
      attempt(async () => {
        const before = await read(channel);
        if (before.depositAtomic === 0n) return endOf(nodeOf(channel), channel);
        let capture = captureAtomic;
        if (before.settledAtomic > capture) capture = before.settledAtomic;
        if (voucher === null && capture > before.settledAtomic) throw new Error('there is no voucher to capture by');
        const { cumulativeAtomic, signature } = voucher ?? { cumulativeAtomic: capture, signature: '0x' };
        const data = closeData(descriptorOf(channel), cumulativeAtomic, capture, signature);
        const transaction = await send(channel, data);
        return { kind: 'done', settledAtomic: capture, transaction };
      }),
  };
}

async function settle(
  channel: ChannelRecord,
  { cumulativeAtomic, signature }: SignedVoucher,
  read: (channel: ChannelRecord) => Promise<ChannelState>,
  send: (channel: ChannelRecord, data: string) => Promise<string>,
): Promise<ChannelAct> {
  const { settledAtomic, depositAtomic } = await read(channel);
  if (depositAtomic === 0n) return { kind: 'ended' };
  if (cumulativeAtomic <= settledAtomic) return { kind: 'done', settledAtomic, transaction: null };
  const transaction = await send(channel, settleData(descriptorOf(channel), cumulativeAtomic, signature));
  return { kind: 'done', settledAtomic: cumulativeAtomic, transaction };
}

/** How a channel ended that the reserve does not know any more: by us, and nobody was told, or by its payer. */
async function endOf(node: ChainNode, channel: ChannelRecord): Promise<ChannelAct> {
  const latest = BigInt(String(await callNode(node, 'eth_blockNumber', [])));
  const fromBlock = quantity(latest > blocksBack ? latest - blocksBack : 0n);
  const filter = { address: tempoChannelReserve, topics: [closedTopic, idOf(channel)], fromBlock, toBlock: 'latest' };
  const [log] = listOf(await callNode(node, 'eth_getLogs', [filter]));
  if (log === undefined) return { kind: 'unavailable', reason: 'the chain does not tell how the channel ended' };
  const settledAtomic = BigInt(textMember(log, 'data').slice(0, 66));
  return { kind: 'done', settledAtomic, transaction: textMember(log, 'transactionHash') };
}

async function attempt(act: () => Promise<ChannelAct>): Promise<ChannelAct> {
  try {
    return await act();
  } catch (error) {
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function descriptorOf({ payer, payTo: payee, asset: token, details }: ChannelRecord): ChannelDescriptor {
  const { operator = '', salt = '', authorizedSigner = '', expiringNonceHash = '' } = details;
  return { payer, payee, operator, token, salt, authorizedSigner, expiringNonceHash };
}

function idOf({ details }: ChannelRecord): string {
  return details.channelId ?? '';
}
