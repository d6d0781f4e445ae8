import { crc32 } from 'node:zlib';

/** Bytes before each record: its length and its CRC-32, both little-endian. */
export const FRAME_HEAD_BYTES = 8;
export const RECORD_BYTES_MAX = 1024 * 1024;

/** Writes one framed record at an offset and answers the offset after it, or -1 when it does not fit. */
export function writeFrame(buffer: Buffer, offset: number, json: string): number {
  if (offset + FRAME_HEAD_BYTES + json.length * 3 > buffer.length) {
    if (offset + FRAME_HEAD_BYTES + Buffer.byteLength(json) > buffer.length) return -1;
  }
  const start = offset + FRAME_HEAD_BYTES;
  const length = buffer.write(json, start, 'utf8');
  buffer.writeUInt32LE(length, offset);
  buffer.writeUInt32LE(crc32(buffer.subarray(start, start + length)), offset + 4);
  return start + length;
}

/** The records of a segment in order, up to the first that is cut or damaged. `validBytes` is where that is. */
export function readFrames(segment: Buffer): { readonly records: readonly string[]; readonly validBytes: number } {
  const records: string[] = [];
  let offset = 0;
  while (offset + FRAME_HEAD_BYTES <= segment.length) {
    const length = segment.readUInt32LE(offset);
    const start = offset + FRAME_HEAD_BYTES;
    if (length === 0 || length > RECORD_BYTES_MAX || start + length > segment.length) break;
    const payload = segment.subarray(start, start + length);
    if (crc32(payload) !== segment.readUInt32LE(offset + 4)) break;
    records.push(payload.toString('utf8'));
    offset = start + length;
  }
  return { records, validBytes: offset };
}
