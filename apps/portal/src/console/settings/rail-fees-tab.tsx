'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Money, Section, Table } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { railName } from '../../payments/rail-name.ts';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import { draftOf, type FeeDraft, feeTyped, netsOf, type Rail, type RailFees } from './rail-fees-draft.ts';

const EXAMPLE_PRICE = '0.60';

/** What each way to be paid costs, and so in which order agents are offered them. */
export function RailFeesTab({ fees, mayWrite }: { readonly fees: RailFees; readonly mayWrite: boolean }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().provider.update.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [draft, setDraft] = useState(draftOf(fees));
  const [price, setPrice] = useState(EXAMPLE_PRICE);
  const rails = Object.keys(draft) as Rail[];
  const wrong = rails.filter((rail) => feeTyped(draft[rail]) === null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = rails.map((rail) => [rail, feeTyped(draft[rail])] as const);
    if (typed.some(([, fee]) => fee === null)) return;
    if (await submit({ railFees: Object.fromEntries(typed) as RailFees })) router.refresh();
  };
  const change = (rail: Rail, part: Partial<FeeDraft>) => setDraft({ ...draft, [rail]: { ...draft[rail], ...part } });
  return (
    <div>
      <Section
        title="Rail fees"
        description="What one payment costs you on each rail. The figures are estimates until you write your own; they move no money."
      >
        <form onSubmit={onSubmit} className="max-w-3xl">
          <fieldset disabled={!mayWrite} className="grid gap-4">
            <legend className="sr-only">Rail fees</legend>
            <ProblemCallout problem={problem} />
            {rails.map((rail) => (
              <RailFields
                key={rail}
                rail={rail}
                draft={draft[rail]}
                isWrong={wrong.includes(rail)}
                onChange={(part) => change(rail, part)}
              />
            ))}
            {mayWrite ? (
              <div>
                <Button type="submit" variant="primary" disabled={wrong.length > 0} pending={pending && 'Saving fees…'}>
                  Save rail fees
                </Button>
              </div>
            ) : null}
          </fieldset>
        </form>
      </Section>
      <Section
        title="The cheapest rail"
        description="Agents without a key are offered your rails in this order: what leaves you most comes first. Agents may still choose."
      >
        <div className="mb-4 max-w-60">
          <Field label="Price of a call" error={nanoUsdOf(price) === null ? 'Write dollars, such as 0.60.' : undefined}>
            <Input inputMode="decimal" suffix="USD" value={price} onChange={(event) => setPrice(event.target.value)} />
          </Field>
        </div>
        <NetTable draft={draft} priceNanoUsd={nanoUsdOf(price) ?? '0'} />
      </Section>
    </div>
  );
}

interface RailFieldsProps {
  readonly rail: Rail;
  readonly draft: FeeDraft;
  readonly isWrong: boolean;
  readonly onChange: (part: Partial<FeeDraft>) => void;
}

function RailFields({ rail, draft, isWrong, onChange }: RailFieldsProps) {
  const name = railName(rail);
  return (
    <div role="group" aria-label={name} className="grid items-start gap-3 sm:grid-cols-[10rem_1fr_1fr_1fr]">
      <p className="font-medium sm:pt-7">{name}</p>
      <Field label="Fixed" error={isWrong ? 'Dollars, and a percentage of at most 100.' : undefined}>
        <Input
          inputMode="decimal"
          suffix="USD"
          value={draft.fixedUsd}
          onChange={(event) => onChange({ fixedUsd: event.target.value })}
        />
      </Field>
      <Field label="Share">
        <Input
          inputMode="decimal"
          suffix="%"
          value={draft.percent}
          onChange={(event) => onChange({ percent: event.target.value })}
        />
      </Field>
      <Field label="Gas you bear">
        <Input
          inputMode="decimal"
          suffix="USD"
          value={draft.gasUsd}
          onChange={(event) => onChange({ gasUsd: event.target.value })}
        />
      </Field>
    </div>
  );
}

function NetTable({
  draft,
  priceNanoUsd,
}: Readonly<{ draft: Readonly<Record<Rail, FeeDraft>>; priceNanoUsd: string }>) {
  return (
    <Table
      caption="What is left of a price on each rail, most first"
      rows={netsOf(draft, priceNanoUsd)}
      rowKey={({ rail }) => rail}
      columns={[
        { key: 'rail', header: 'Rail', cell: ({ rail }) => railName(rail) },
        { key: 'fee', header: 'Fee', numeric: true, cell: ({ feeNanoUsd }) => <Money nanoUsd={String(feeNanoUsd)} /> },
        {
          key: 'net',
          header: 'Left for you',
          numeric: true,
          cell: ({ netNanoUsd, minimumNanoUsd }) =>
            minimumNanoUsd === null ? (
              <Money nanoUsd={String(netNanoUsd)} />
            ) : (
              <span className="text-muted">Not offered below {usdTyped(String(minimumNanoUsd))} USD</span>
            ),
        },
      ]}
      empty="Write a fee to see what is left."
    />
  );
}
