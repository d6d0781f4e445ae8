'use client';

import type { BreakerOptions } from '@tollwright/contracts';
import { Field, Input, RadioGroup } from '@tollwright/ui';
import { useState } from 'react';
import { BREAKER_NUMBERS, type Breaker, breakerText } from './upstream-draft.ts';

export interface BreakerFieldsProps {
  readonly breaker: Breaker;
  /** What an API has that names no numbers of its own. */
  readonly byDefault: BreakerOptions;
  readonly errorOf: (path: string) => string | undefined;
}

/** When an upstream address that fails is left alone for a while. */
export function BreakerFields({ breaker, byDefault, errorOf }: BreakerFieldsProps) {
  const [kind, setKind] = useState(breaker.kind);
  const numbers = breaker.kind === 'custom' ? breaker : byDefault;
  return (
    <>
      <RadioGroup
        legend="Circuit breaker"
        name="breaker"
        value={kind}
        onChange={(event) => setKind(event.target.value as Breaker['kind'])}
        error={errorOf('upstreamBreaker') ?? errorOf('upstreamBreaker.kind')}
        options={[
          { value: 'default', label: 'On', hint: breakerText(byDefault) },
          { value: 'custom', label: 'On, with numbers of your own', hint: 'Say what opens it, and for how long.' },
          { value: 'off', label: 'Off', hint: 'Every call is sent, however many before it failed.' },
        ]}
      />
      {kind === 'custom' ? (
        <div className="grid gap-4 sm:grid-cols-2">
          {BREAKER_NUMBERS.map(({ name, label, hint, min, unit }) => (
            <Field key={name} label={label} hint={hint} error={errorOf(`upstreamBreaker.${name}`)}>
              <Input name={name} type="number" min={min} suffix={unit} defaultValue={numbers[name]} required />
            </Field>
          ))}
        </div>
      ) : null}
      <p className="text-sm text-muted">
        Each address has a breaker of its own. Failed are calls that found no connection, met a deadline, or were
        answered with something broken or with 502, 503 or 504.
      </p>
    </>
  );
}
