import { BlockList, isIP } from 'node:net';

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
  const list = new BlockList();
  for (const text of texts) {
    const block = parseBlock(text);
    if (block === null) throw new RangeError(`${text} is no address block`);
    list.addSubnet(block.address, block.prefix, block.family);
  }
  return (address) => {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}
