const HEX = /^#[0-9a-f]{6}$/i;

/** A provider's colour as a safe CSS value; what is not `#rrggbb` becomes neutral ink, so that nothing else reaches a style. */
export function brandColour(colour: string | null | undefined): string {
  return colour && HEX.test(colour) ? colour.toLowerCase() : '#3f3f46';
}

/** Black or white, whichever reads better on the provider's colour. */
export function brandInk(colour: string | null | undefined): '#000000' | '#ffffff' {
  const luminance = relativeLuminance(brandColour(colour));
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}

/** WCAG relative luminance of `#rrggbb`, 0 to 1. */
export function relativeLuminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
