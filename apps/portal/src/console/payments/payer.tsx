import { Identifier, TextLink } from '@tollwright/ui';

export interface PayerProps {
  readonly payer: string;
  readonly short?: boolean;
  /** Where its payments are listed. */
  readonly href?: string | undefined;
}

/** Who paid. Of a payment by card only the processor knows. */
export function Payer({ payer, short = false, href }: PayerProps) {
  if (payer === '') return <span className="text-faint">Known to Stripe</span>;
  if (href === undefined) return <Identifier value={payer} short={short} />;
  return (
    <>
      <Identifier value={payer} short={short} />
      <TextLink href={href}>Payments</TextLink>
    </>
  );
}
