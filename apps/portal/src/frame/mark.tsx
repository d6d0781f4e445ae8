/** The product's sign, a raised barrier, on its own. */
export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#18181b"/><path d="M7.5 18.5v-7M5 18.5h5M7.5 12 18.5 6.2" stroke="#fff" stroke-width="2.2" stroke-linecap="round" fill="none"/></svg>';

/** The same as the browser tab shows it. */
export const iconDataUrl = `data:image/svg+xml,${encodeURIComponent(iconSvg)}`;

/** Sign and name. */
export function Mark({ nameHidden = false }: { readonly nameHidden?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 text-base font-semibold tracking-tight text-ink">
      <svg viewBox="0 0 24 24" aria-hidden="true" className="size-5.5 shrink-0">
        <rect width="24" height="24" rx="5" fill="var(--primary)" />
        <path
          d="M7.5 18.5v-7M5 18.5h5M7.5 12 18.5 6.2"
          stroke="var(--primary-ink)"
          strokeWidth="2.2"
          strokeLinecap="round"
          fill="none"
        />
      </svg>
      <span className={nameHidden ? 'sr-only' : undefined}>Tollwright</span>
    </span>
  );
}
