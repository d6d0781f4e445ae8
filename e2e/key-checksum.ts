const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The six characters that end a key: CRC-32 of what stands before, in base 62. Written from its description, not from the product. */
export function keyChecksum(head: string): string {
  let value = crc32(head);
  let checksum = '';
  for (let place = 0; place < 6; place++) {
    checksum = (DIGITS[value % 62] ?? '') + checksum;
    value = Math.floor(value / 62);
  }
  return checksum;
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
