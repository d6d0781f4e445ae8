import { invalidParameter, StripeError } from '../errors.ts';
import { apiVersion } from '../events/event.ts';
import type { FormRecord } from '../params/form.ts';

/** The version that a request speaks: the one it names, or the double's. */
export function versionOf(header: string | undefined): string {
  if (header === undefined) return apiVersion;
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z_]+)?$/.test(header)) {
    const fields = { type: 'invalid_request_error' as const, message: `Invalid Stripe API version: ${header}` };
    throw new StripeError(400, fields, { executed: false });
  }
  return header;
}

/** Parameters that not every version knows: whether one of a date does, and whether it does as a preview. */
const versioned: Readonly<Record<string, (date: string, isPreview: boolean) => boolean>> = {
  shared_payment_granted_token: (_date, isPreview) => isPreview,
  'payment_method_data[shared_payment_granted_token]': (_date, isPreview) => isPreview,
  payment_method_types: (date) => date < '2026-09-30',
};

/** Refuses parameters of previews to whoever does not ask for one, and those that the version has dropped. */
export function refuseOtherVersions(version: string, form: FormRecord, prefix = ''): void {
  const [date = '', name = ''] = version.split('.');
  for (const [part, value] of form) {
    const full = prefix === '' ? part : `${prefix}[${part}]`;
    const isKnown = Object.hasOwn(versioned, full) ? versioned[full] : undefined;
    if (isKnown?.(date, name === 'preview') === false) {
      throw invalidParameter(`Received unknown parameter: ${full}`, full, 'parameter_unknown');
    }
    if (typeof value !== 'string') refuseOtherVersions(version, value, full);
  }
}
