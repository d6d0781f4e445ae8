import {
  getDefaultAsset,
  PERMIT2_ADDRESS as officialPermit2,
  x402ExactPermit2ProxyAddress,
  x402UptoPermit2ProxyAddress,
} from '@x402/evm';
import { describe, expect, it } from 'vitest';
import { contractsOf, EXACT_PROXY_ADDRESS, PERMIT2_ADDRESS, UPTO_PROXY_ADDRESS } from './contracts/place.ts';
import { BASE, BASE_SEPOLIA, localNetwork } from './network.ts';

describe('local networks', () => {
  it('have Permit2 and the proxies where the official clients look for them', () => {
    expect([PERMIT2_ADDRESS, EXACT_PROXY_ADDRESS, UPTO_PROXY_ADDRESS]).toEqual([
      officialPermit2,
      x402ExactPermit2ProxyAddress,
      x402UptoPermit2ProxyAddress,
    ]);
  });

  it.each([BASE_SEPOLIA, BASE])('have the token that a client takes for a dollar on $v1Name', ({ network, usdc }) => {
    const { asset, name, version } = getDefaultAsset(network);
    expect({ address: asset, name, version }).toEqual({
      address: usdc.address,
      name: usdc.name,
      version: usdc.version,
    });
  });

  it('are found by id, and have a token each with code of its own', () => {
    expect([localNetwork(84_532), localNetwork(8453)]).toEqual([BASE_SEPOLIA, BASE]);
    const codes = [BASE_SEPOLIA, BASE].map((network) => contractsOf(network)[0]?.code);
    expect(codes[0]).not.toBe(codes[1]);
    expect(() => localNetwork(1)).toThrow('no local chain has the id 1');
  });
});
