/** What text fields, text areas and selects have in common. 16 px on small screens keeps phones from zooming in. */
export const controlStyles = [
  'w-full min-w-0 rounded-md border border-control/70 bg-paper text-lg text-ink sm:text-base',
  'transition-colors duration-150 placeholder:text-faint hover:border-control',
  'focus-visible:border-focus focus-visible:outline-1 focus-visible:outline-offset-0 focus-visible:outline-focus',
  'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint',
  'aria-invalid:border-red aria-invalid:focus-visible:outline-red',
].join(' ');
