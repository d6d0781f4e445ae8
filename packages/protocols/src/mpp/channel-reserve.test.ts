import { encodeFunctionData, encodeFunctionResult, type Hex } from 'viem';
import { Abis } from 'viem/tempo';
import { describe, expect, it } from 'vitest';
import {
  closeData,
  depositOf,
  openData,
  readChannelState,
  settleData,
  stateData,
  topUpData,
} from './channel-reserve.ts';

const abi = Abis.tip20ChannelReserve;
const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const channel = {
  ...{ payer: address('1'), payee: address('2'), operator: address('3'), token: address('4'), salt: word('5') },
  ...{ authorizedSigner: address('6'), expiringNonceHash: word('7') },
};
const signature: Hex = `0x${'ab'.repeat(65)}`;

describe('channel reserve', () => {
  it.each([
    [
      'open',
      openData(channel, 9n),
      encodeFunctionData({
        abi,
        functionName: 'open',
        args: [channel.payee, channel.operator, channel.token, 9n, channel.salt, channel.authorizedSigner],
      }),
    ],
    ['topUp', topUpData(channel, 9n), encodeFunctionData({ abi, functionName: 'topUp', args: [channel, 9n] })],
    [
      'settle',
      settleData(channel, 9n, signature),
      encodeFunctionData({ abi, functionName: 'settle', args: [channel, 9n, signature] }),
    ],
    [
      'close',
      closeData(channel, 9n, 7n, signature),
      encodeFunctionData({ abi, functionName: 'close', args: [channel, 9n, 7n, signature] }),
    ],
    [
      'close without a voucher',
      closeData(channel, 0n, 0n, '0x'),
      encodeFunctionData({ abi, functionName: 'close', args: [channel, 0n, 0n, '0x'] }),
    ],
    [
      'getChannelState',
      stateData(word('8')),
      encodeFunctionData({ abi, functionName: 'getChannelState', args: [word('8')] }),
    ],
  ])('%s is written as the ABI says', (_, ours, theirs) => {
    expect(ours).toBe(theirs);
  });

  it('reads how a channel stands', () => {
    const result = { settled: 5n, deposit: 8n, closeRequestedAt: 77 };
    const answer = encodeFunctionResult({ abi, functionName: 'getChannelState', result });
    expect(readChannelState(answer)).toEqual({ settledAtomic: 5n, depositAtomic: 8n, closeRequestedAt: 77 });
    expect(() => readChannelState('0x')).toThrow(SyntaxError);
  });

  it('finds the deposit of an opening of this channel, and of no other call', () => {
    const data = openData(channel, 9n);
    expect(depositOf(data, channel)).toBe(9n);
    expect(depositOf(data.toUpperCase().replace('0X', '0x'), channel)).toBe(9n);
    for (const other of [
      `${data}00`,
      data.slice(0, -2),
      '0x',
      topUpData(channel, 9n),
      openData({ ...channel, payee: address('9') }, 9n),
      openData({ ...channel, salt: word('9') }, 9n),
    ]) {
      expect(depositOf(other, channel)).toBeNull();
    }
  });
});
