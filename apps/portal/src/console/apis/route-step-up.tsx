'use client';

import { Field, Select } from '@tollwright/ui';
import { useState } from 'react';
import type { Route } from '../outputs.ts';
import { type StepUpErrors, StepUpFields, stepUpOf } from './step-up-fields.tsx';
import { type StepUpLimits, stepUpText } from './step-up-text.ts';

/** What the form says of a route's large payments: the API's limits, or its own. */
export function routeStepUpOf(form: FormData) {
  if (form.get('stepUpFrom') !== 'route') return { wrong: {}, wanted: { stepUpFrom: 'api' as const } };
  const { wrong, wanted } = stepUpOf(form);
  return { wrong, wanted: { stepUpFrom: 'route' as const, ...wanted } };
}

export interface RouteStepUpProps {
  readonly route: Route;
  /** What holds where the route sets no limits of its own. */
  readonly ofApi: StepUpLimits;
  readonly errors: StepUpErrors;
}

/** From which amounts on a payment of a route needs more than money. */
export function RouteStepUp({ route, ofApi, errors }: RouteStepUpProps) {
  const [from, setFrom] = useState<string>(route.stepUpFrom);
  return (
    <>
      <Field
        label="Large payments"
        hint={`Limits above which a payment needs more than money. The API asks for ${stepUpText(ofApi)}.`}
      >
        <Select
          name="stepUpFrom"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
          options={[
            { value: 'api', label: "The API's limits" },
            { value: 'route', label: 'Limits of this route' },
          ]}
        />
      </Field>
      {from === 'route' ? <StepUpFields limits={route} errors={errors} /> : null}
    </>
  );
}
