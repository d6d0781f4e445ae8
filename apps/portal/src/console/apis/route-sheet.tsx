'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, CodeBlock, Field, Input, Select, Sheet, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Extractor, Route } from '../outputs.ts';
import { bytesOfKib, kibOf } from './bytes.ts';
import { type DiscountField, DiscountFields, discountOf } from './discount-fields.tsx';
import { RouteStepUp, routeStepUpOf } from './route-step-up.tsx';
import type { StepUpField } from './step-up-fields.tsx';
import type { StepUpLimits } from './step-up-text.ts';
import { type PriceList, type StrangerField, StrangerFields, strangersOf } from './stranger-fields.tsx';

export interface RouteSheetProps {
  readonly route: Route;
  readonly extractors: readonly Extractor[];
  /** Plans by whose prices strangers may pay. */
  readonly plans: readonly PriceList[];
  readonly baseUrl: string;
  /** Limits of large payments that hold where the route has none of its own. */
  readonly ofApi: StepUpLimits;
  readonly mayWrite: boolean;
  readonly closeHref: string;
  /** The policies of the route. */
  readonly children: ReactNode;
}

/** One route: how it is read, how large its bodies may be, what strangers pay, what decides about its calls. */
export function RouteSheet({
  route,
  extractors,
  plans,
  baseUrl,
  ofApi,
  mayWrite,
  closeHref,
  children,
}: RouteSheetProps) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().route.update.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [wrong, setWrong] = useState<Partial<Record<StrangerField | StepUpField | DiscountField | 'body', string>>>({});
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const strangers = strangersOf(form);
    const stepUp = routeStepUpOf(form);
    const discount = discountOf(form);
    const bodyBytesMax = bytesOfKib(String(form.get('body')));
    setWrong({
      ...strangers.wrong,
      ...stepUp.wrong,
      ...discount.wrong,
      ...(bodyBytesMax === null ? { body: 'Write a number of KiB, such as 1024.' } : {}),
    });
    if (Object.keys({ ...strangers.wrong, ...stepUp.wrong, ...discount.wrong }).length > 0 || bodyBytesMax === null)
      return;
    const extractorId = String(form.get('extractor')) || null;
    const wanted = { extractorId, bodyBytesMax, ...strangers.wanted, ...stepUp.wanted, ...discount.wanted };
    if (!(await submit({ routeId: route.id, ...wanted }))) return;
    navigate(closeHref);
    router.refresh();
  };
  return (
    <Sheet
      title={
        <span className="font-mono text-base break-all">
          {route.method} {route.pathTemplate}
        </span>
      }
      description={route.summary || route.operationId}
      closeHref={closeHref}
      footer={
        mayWrite ? (
          <Button form="route-form" type="submit" variant="primary" pending={pending && 'Saving route…'}>
            Save route
          </Button>
        ) : null
      }
    >
      <form id="route-form" onSubmit={onSubmit} className="mb-6">
        <fieldset disabled={!mayWrite} className="grid gap-4">
          <legend className="sr-only">Settings of the route</legend>
          <ProblemCallout problem={problem} />
          <Field
            label="Extractor"
            hint="What turns an answer into event fields that meters count."
            error={errorOf('extractorId')}
          >
            <Select
              name="extractor"
              defaultValue={route.extractorId ?? ''}
              emptyLabel="None: answers are not read"
              options={extractors.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Field>
          <StrangerFields
            route={route}
            plans={plans}
            errors={{
              price: wrong.price ?? errorOf('strangerPriceNanoUsd'),
              plan: errorOf('strangerPlanId'),
              cap: wrong.cap ?? errorOf('exposureCapNanoUsd'),
              access: wrong.access ?? errorOf('accessSeconds'),
              freeStatuses: wrong.freeStatuses ?? errorOf('freeAnswers.statuses'),
              freeField: errorOf('freeAnswers.zeroField'),
            }}
          />
          <DiscountFields route={route} error={wrong.discount ?? errorOf('discount')} />
          <RouteStepUp
            route={route}
            ofApi={ofApi}
            errors={{
              stepUpAbove: wrong.stepUpAbove ?? errorOf('stepUpAboveNanoUsd'),
              stepUpPayerAbove: wrong.stepUpPayerAbove ?? errorOf('stepUpPayerAboveNanoUsd'),
            }}
          />
          <Field
            label="Body limit"
            hint="Larger request bodies are refused."
            error={wrong.body ?? errorOf('bodyBytesMax')}
          >
            <Input name="body" inputMode="decimal" suffix="KiB" defaultValue={kibOf(route.bodyBytesMax)} required />
          </Field>
        </fieldset>
      </form>
      {children}
      <CodeBlock title="Call it" code={curlOf(route, baseUrl)} wrap />
    </Sheet>
  );
}

/** A call of the route with a key; path parameters stay as the document names them. */
function curlOf({ method, pathTemplate }: Route, baseUrl: string): string {
  const verb = method === 'GET' ? '' : `-X ${method} `;
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? ` \\\n  -H 'Content-Type: application/json' -d '{}'` : '';
  return `curl ${verb}'${baseUrl}${pathTemplate}' \\\n  -H "Authorization: Bearer $API_KEY"${body}`;
}
