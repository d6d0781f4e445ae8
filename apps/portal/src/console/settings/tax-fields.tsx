import { Field, Input } from '@tollwright/ui';
import type { StripeAccount } from '../outputs.ts';

interface TaxFieldsProps {
  readonly account: StripeAccount | undefined;
  readonly errorOf: (path: string) => string | undefined;
}

/** What Stripe Tax is told of a sale, and what card statements show. All may be left empty. */
export function TaxFields({ account, errorOf }: TaxFieldsProps) {
  const { code, headOffice } = account?.tax ?? {};
  return (
    <>
      <Field
        label="Tax code"
        hint="What you sell, by Stripe's list, such as txcd_10103001. With it Stripe Tax calculates the tax in each payment; your prices include it. Empty: no tax is calculated."
        error={errorOf('tax.code')}
      >
        <Input name="taxCode" mono placeholder="txcd_…" defaultValue={code} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field
          label="Head office, country"
          hint="Taxed there while the payer's place is unknown."
          error={errorOf('tax.headOffice.country')}
        >
          <Input name="taxCountry" placeholder="DE" maxLength={2} defaultValue={headOffice?.country} />
        </Field>
        <Field label="State" error={errorOf('tax.headOffice.state')}>
          <Input name="taxState" placeholder="NY" defaultValue={headOffice?.state ?? undefined} />
        </Field>
        <Field label="Postal code" error={errorOf('tax.headOffice.postalCode')}>
          <Input name="taxPostalCode" defaultValue={headOffice?.postalCode ?? undefined} />
        </Field>
      </div>
      <Field
        label="On card statements"
        hint="Behind the name of your account; at most 12 letters and digits. Empty: the name alone."
        error={errorOf('statementSuffix')}
      >
        <Input name="statementSuffix" maxLength={12} defaultValue={account?.statementSuffix ?? undefined} />
      </Field>
    </>
  );
}

/** The same, of a form that was sent. */
export function taxOf(form: FormData) {
  const said = (name: string) => String(form.get(name) ?? '').trim();
  const [code, suffix] = [said('taxCode'), said('statementSuffix')];
  const [state, postalCode] = [said('taxState'), said('taxPostalCode')];
  const headOffice = {
    country: said('taxCountry').toUpperCase(),
    ...(state === '' ? {} : { state }),
    ...(postalCode === '' ? {} : { postalCode }),
  };
  return {
    ...(code === '' ? {} : { tax: { code, headOffice } }),
    ...(suffix === '' ? {} : { statementSuffix: suffix }),
  };
}
