import { isIPv4, isIPv6 } from 'node:net';

/** What a non-public address is; `invalid` for text that is no IP address. */
export type NonPublicAddress =
  | 'invalid'
  | 'unspecified'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'shared'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'documentation'
  | 'benchmark'
  | 'transition';

interface Range {
  readonly base: bigint;
  readonly shiftBits: bigint;
  readonly kind: NonPublicAddress;
}

const IPV4_RANGES: readonly Range[] = (
  [
    ['0.0.0.0', 8, 'unspecified'],
    ['10.0.0.0', 8, 'private'],
    ['100.64.0.0', 10, 'shared'],
    ['127.0.0.0', 8, 'loopback'],
    ['169.254.0.0', 16, 'link-local'],
    ['172.16.0.0', 12, 'private'],
    ['192.0.0.0', 24, 'reserved'],
    ['192.0.2.0', 24, 'documentation'],
    ['192.88.99.0', 24, 'transition'],
    ['192.168.0.0', 16, 'private'],
    ['198.18.0.0', 15, 'benchmark'],
    ['198.51.100.0', 24, 'documentation'],
    ['203.0.113.0', 24, 'documentation'],
    ['224.0.0.0', 4, 'multicast'],
    ['255.255.255.255', 32, 'broadcast'],
    ['240.0.0.0', 4, 'reserved'],
  ] as const
).map(([base, prefixBits, kind]) => range(fromIPv4(base), 32, prefixBits, kind));

const IPV6_RANGES: readonly Range[] = (
  [
    ['::', 128, 'unspecified'],
    ['::1', 128, 'loopback'],
    ['::', 96, 'reserved'],
    ['64:ff9b:1::', 48, 'transition'],
    ['100::', 64, 'reserved'],
    ['2001::', 23, 'transition'],
    ['2001:db8::', 32, 'documentation'],
    ['2002::', 16, 'transition'],
    ['3fff::', 20, 'documentation'],
    ['5f00::', 16, 'reserved'],
    ['fc00::', 7, 'private'],
    ['fe80::', 10, 'link-local'],
    ['fec0::', 10, 'private'],
    ['ff00::', 8, 'multicast'],
  ] as const
).map(([base, prefixBits, kind]) => range(fromIPv6(base), 128, prefixBits, kind));

/** Prefixes whose last 32 bits are the IPv4 address that is really reached: v4-mapped and the well-known NAT64. */
const EMBEDDING_PREFIXES: readonly bigint[] = [fromIPv6('::ffff:0:0') >> 32n, fromIPv6('64:ff9b::') >> 32n];

const GLOBAL_UNICAST = range(fromIPv6('2000::'), 128, 3, 'reserved');

/**
 * Says what keeps an IP address (v4 or v6, no brackets, a zone allowed) from being a public one; `null` when it is public.
 * An IPv4 address inside v4-mapped or NAT64 form is judged as that IPv4 address.
 */
export function nonPublicKind(address: string): NonPublicAddress | null {
  const bare = address.split('%', 1)[0] ?? '';
  if (isIPv4(bare)) return kindOfIPv4(fromIPv4(bare));
  if (!isIPv6(bare)) return 'invalid';
  const value = fromIPv6(bare);
  if (EMBEDDING_PREFIXES.includes(value >> 32n)) return kindOfIPv4(value & 0xffff_ffffn);
  const known = IPV6_RANGES.find((candidate) => contains(candidate, value));
  if (known) return known.kind;
  return contains(GLOBAL_UNICAST, value) ? null : 'reserved';
}

/** True for 127.0.0.0/8, ::1 and the v4-mapped form of the former. */
export function isLoopback(address: string): boolean {
  return nonPublicKind(address) === 'loopback';
}

function kindOfIPv4(value: bigint): NonPublicAddress | null {
  return IPV4_RANGES.find((candidate) => contains(candidate, value))?.kind ?? null;
}

function range(base: bigint, widthBits: number, prefixBits: number, kind: NonPublicAddress): Range {
  const shiftBits = BigInt(widthBits - prefixBits);
  return { base: base >> shiftBits, shiftBits, kind };
}

function contains(candidate: Range, value: bigint): boolean {
  return value >> candidate.shiftBits === candidate.base;
}

function fromIPv4(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function fromIPv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const headGroups = groupsOf(head);
  const tailGroups = tail === undefined ? [] : groupsOf(tail);
  const gap = new Array<bigint>(8 - headGroups.length - tailGroups.length).fill(0n);
  return [...headGroups, ...gap, ...tailGroups].reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(part: string): bigint[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const embedded = fromIPv4(group);
    return [embedded >> 16n, embedded & 0xffffn];
  });
}
