import { Segmented } from '@tollwright/ui';

export interface ModeSwitchProps {
  readonly livemode: boolean;
  readonly liveHref: string;
  readonly testHref: string;
  readonly className?: string;
}

/** Real money or test money; two addresses. */
export function ModeSwitch({ livemode, liveHref, testHref, className }: ModeSwitchProps) {
  return (
    <Segmented
      label="Mode"
      {...(className ? { className } : {})}
      items={[
        { label: 'Live', href: liveHref, current: livemode },
        {
          label: (
            <span className="inline-flex items-center gap-1.5">
              <span aria-hidden className="size-3 rounded-xs test-stripes" />
              Test
            </span>
          ),
          href: testHref,
          current: !livemode,
        },
      ]}
    />
  );
}

/** Stands over every page in test mode. */
export function TestBand() {
  return (
    <div className="flex h-6 items-center justify-center border-b border-line test-stripes text-xs">
      <span className="rounded-xs bg-paper px-2 font-medium text-ink">Test mode: no real money moves</span>
    </div>
  );
}
