const KIB = 1024;
const MIB = KIB * KIB;

/** A size as people say it: `512 B`, `64 KiB`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  return bytes < MIB ? `${inTenths(bytes / KIB)} KiB` : `${inTenths(bytes / MIB)} MiB`;
}

/** Reads KiB as a person types them as whole bytes; null when it is no size. */
export function bytesOfKib(typed: string): number | null {
  const kib = Number(typed.trim());
  return typed.trim() !== '' && Number.isFinite(kib) && kib >= 0 ? Math.round(kib * KIB) : null;
}

/** Writes bytes as KiB without loss: `1024`, `0.5`. */
export function kibOf(bytes: number): string {
  return String(bytes / KIB);
}

function inTenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
