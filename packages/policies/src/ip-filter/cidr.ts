import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** One entry of a list: an address or a block such as `203.0.113.0/24` or `2001:db8::/32`. */
export interface Block {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads an address or block; null when it is neither. */
export function parseBlock(text: string): Block | null {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return null;
  const most = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const prefix = length === undefined ? most : Number(length);
  return prefix > most ? null : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Whether an address lies in one of the blocks. A v4 address written in IPv6 is its v4 address; text is in none. */
export function createBlocks(texts: readonly string[]): (address: string) => boolean {
  const v4: { readonly base: number; readonly mask: number }[] = [];
  const v6 = new BlockList();
  let hasV6 = false;
  for (const text of texts) {
    const block = parseBlock(text);
    if (block === null) throw new RangeError(`${text} is no address block`);
    const { address, prefix, family } = block;
    const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
    if (family === 'ipv4') v4.push({ base: (numberOf(address) & mask) >>> 0, mask });
    else {
      v6.addSubnet(address, prefix, 'ipv6');
      hasV6 = true;
    }
  }
  return (address) => {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    if (isIPv4(plain)) {
      const number = numberOf(plain);
      return v4.some(({ base, mask }) => (number & mask) >>> 0 === base);
    }
    return hasV6 && isIPv6(plain) && v6.check(plain, 'ipv6');
  };
}

/** A v4 address as a number of 32 bits. */
function numberOf(address: string): number {
  let number = 0;
  for (const part of address.split('.')) number = number * 256 + Number(part);
  return number;
}
