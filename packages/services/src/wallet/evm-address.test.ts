import { describe, expect, it } from 'vitest';
import { checksumAddress, evmAddress } from './evm-address.ts';
import { KNOWN_TOKENS } from './known-tokens.ts';

/** The examples of EIP-55. */
const EXAMPLES = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

describe('evmAddress', () => {
  it.each(EXAMPLES)('%s: is written as EIP-55 says', (address) => {
    expect(checksumAddress(address.toLowerCase())).toBe(address);
    expect(evmAddress.safeParse(address).success).toBe(true);
  });

  it('takes an address in one case, which carries no checksum', () => {
    expect(evmAddress.safeParse('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed').success).toBe(true);
  });

  it('refuses a mistyped digit, a short address, another text and the zero address', () => {
    const zero = `0x${'0'.repeat(40)}`;
    for (const wrong of ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee', '0x5aAeb6', 'alice.eth', zero]) {
      expect(evmAddress.safeParse(wrong).success).toBe(false);
    }
  });

  it.each(KNOWN_TOKENS)('$networkName: its USDC has a right checksum', ({ asset }) => {
    expect(checksumAddress(asset)).toBe(asset);
  });
});
