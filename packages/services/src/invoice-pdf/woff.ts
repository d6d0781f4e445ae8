import { inflateSync } from 'node:zlib';

const HEADER_BYTES = 44;
const ENTRY_BYTES = 20;

/**
 * Unpacks a WOFF file to the font that it holds: readers of WOFF inflate a table again for every glyph. Throws RangeError for what is no WOFF file.
 * Source: https://www.w3.org/TR/WOFF/.
 */
export function fontOfWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new RangeError('not a WOFF file');
  const count = woff.readUInt16BE(12);
  const entries = Array.from({ length: count }, (_, index) => entryAt(woff, HEADER_BYTES + index * ENTRY_BYTES));
  let at = 12 + count * 16;
  const head = Buffer.alloc(at);
  const power = 2 ** Math.floor(Math.log2(count));
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(power * 16, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE((count - power) * 16, 10);
  const tables = entries.map(({ tag, checksum, packed, length }, index) => {
    const table = Buffer.alloc((length + 3) & ~3);
    (packed.length < length ? inflateSync(packed) : packed).copy(table);
    const entry = 12 + index * 16;
    tag.copy(head, entry);
    head.writeUInt32BE(checksum, entry + 4);
    head.writeUInt32BE(at, entry + 8);
    head.writeUInt32BE(length, entry + 12);
    at += table.length;
    return table;
  });
  return Buffer.concat([head, ...tables]);
}

function entryAt(woff: Buffer, at: number) {
  const offset = woff.readUInt32BE(at + 4);
  const packed = woff.subarray(offset, offset + woff.readUInt32BE(at + 8));
  const tag = woff.subarray(at, at + 4);
  return { tag, packed, length: woff.readUInt32BE(at + 12), checksum: woff.readUInt32BE(at + 16) };
}
