import { encodeFunctionData, type Hex, zeroAddress } from 'viem';
import { Abis, Addresses } from 'viem/tempo';
import { describe, expect, it } from 'vitest';
import { CHANNEL_RESERVE_ADDRESS, depositsOf, openingSlot, readTempoTransaction } from './channel-reserve.ts';
import { PATH_USD_ADDRESS, TEMPO_CHAIN_ID } from './run-tempo.ts';
import { tempoChain } from './tempo-chain.ts';

const abi = Abis.tip20ChannelReserve;
const payee: Hex = '0x00000000000000000000000000000000000000aa';
const salt: Hex = `0x${'5a'.repeat(32)}`;
const token: Hex = PATH_USD_ADDRESS;
const descriptor = {
  ...{ payer: payee, payee, operator: zeroAddress, token, salt, authorizedSigner: zeroAddress },
  expiringNonceHash: salt,
};

describe('channel reserve: deposits among calls', () => {
  const to = CHANNEL_RESERVE_ADDRESS.toUpperCase().replace('0X', '0x');
  const openArgs = [payee, zeroAddress, token, 5n, salt, zeroAddress] as const;
  const open = encodeFunctionData({ abi, functionName: 'open', args: openArgs });
  const topUp = encodeFunctionData({ abi, functionName: 'topUp', args: [descriptor, 5n] });
  const close = encodeFunctionData({ abi, functionName: 'requestClose', args: [descriptor] });

  it.each([
    ['an opening', { to, data: open }, [{ token, salt }]],
    ['a top-up', { to, data: topUp }, [{ token, salt: null }]],
    ['what takes nothing in', { to, data: close }, []],
    ['what another contract is asked', { to: payee, data: open }, []],
    ['a call without data', { to }, []],
    ['a creation', { data: open }, []],
  ])('reads %s', (_, call, found) => {
    expect(depositsOf([call])).toEqual(found);
  });

  it('keeps openings of two payers, and of one payer with two salts, apart', () => {
    const other: Hex = `0x${'5b'.repeat(32)}`;
    expect(new Set([openingSlot(payee, salt), openingSlot(zeroAddress, salt), openingSlot(payee, other)]).size).toBe(3);
  });

  it('reads no transaction of Ethereum', () => {
    expect(readTempoTransaction('0x02f80182')).toBeNull();
  });
});

it('tempo has the addresses and the id that clients know', () => {
  expect(Addresses.tip20ChannelReserve.toLowerCase()).toBe(CHANNEL_RESERVE_ADDRESS);
  expect(Addresses.pathUsd.toLowerCase()).toBe(PATH_USD_ADDRESS);
  expect(tempoChain('http://127.0.0.1:1').id).toBe(TEMPO_CHAIN_ID);
});
