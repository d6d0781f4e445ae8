const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes in the base 58 of Bitcoin; each leading zero byte is a `1`. */
export function toBase58(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let digits = '';
  for (; value > 0n; value /= 58n) digits = alphabet.charAt(Number(value % 58n)) + digits;
  const firstSet = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(firstSet === -1 ? bytes.length : firstSet) + digits;
}
