import { Callout } from '@tollwright/ui';

interface OverdueBannerProps {
  readonly overdueSince: string | null;
  readonly providerName: string;
}

/** That live keys are refused for an invoice that is not paid. Nothing where all is well. */
export function OverdueBanner({ overdueSince, providerName }: OverdueBannerProps) {
  if (overdueSince === null) return null;
  return (
    <Callout
      tone="error"
      className="mb-5"
      title="Calls of your live keys are refused"
      why={`An invoice has been overdue for longer than ${providerName} waits.`}
      next="They go on as soon as it is paid. Keys for tests go on meanwhile."
    />
  );
}
