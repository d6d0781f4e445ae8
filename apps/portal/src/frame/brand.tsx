import { brandColour, brandInk } from '@tollwright/ui';

/** How a provider shows itself to its customers. */
export interface Brand {
  readonly name: string;
  /** `#rrggbb`; anything else counts as none. */
  readonly colour?: string | null | undefined;
  readonly logoUrl?: string | null | undefined;
}

// A dark colour would be lost on dark paper.
const EDGE = 'inset 0 0 0 1px light-dark(transparent, rgb(255 255 255 / 0.18))';

/** The provider's logo, or its initial on its colour. The name stands beside it, so it is silent. */
export function BrandTile({ brand, className = 'size-7' }: { readonly brand: Brand; readonly className?: string }) {
  if (brand.logoUrl) {
    // biome-ignore lint/performance/noImgElement: Next's image server would fetch an address that a user named
    return <img src={brand.logoUrl} alt="" className={`${className} shrink-0 rounded-md object-contain`} />;
  }
  return (
    <span
      aria-hidden
      className={`${className} inline-flex shrink-0 items-center justify-center rounded-md text-sm font-semibold`}
      style={{ background: brandColour(brand.colour), color: brandInk(brand.colour), boxShadow: EDGE }}
    >
      {[...brand.name.trim()][0]?.toUpperCase() ?? '·'}
    </span>
  );
}
