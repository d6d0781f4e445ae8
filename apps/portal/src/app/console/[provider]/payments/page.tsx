import { Callout, LinkButton, PageHeader, Tabs } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { ChannelsList } from '../../../../console/payments/channels-list.tsx';
import { PayersList } from '../../../../console/payments/payers-list.tsx';
import { PaymentSheet } from '../../../../console/payments/payment-sheet.tsx';
import { PaymentsList } from '../../../../console/payments/payments-list.tsx';
import { PaymentsOverview } from '../../../../console/payments/payments-overview.tsx';
import { foundOrNull } from '../../../../server/found.ts';
import { choice, hrefWith, param, type SearchParams } from '../../../../usage/address.ts';
import { KeepFresh } from '../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Payments' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

const VIEWS = ['overview', 'payments', 'payers', 'channels'] as const;
const LABELS = { overview: 'Overview', payments: 'All payments', payers: 'Payers', channels: 'Channels' } as const;

/** Calls that are paid for one by one: from the 402 to the answer, and every payment on the way. */
export default async function PaymentsPage({ params, searchParams }: Props) {
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/payments`;
  const view = choice(search, 'view', VIEWS);
  const openId = param(search, 'payment');
  const [wallets, accounts, open] = await Promise.all([
    api.wallet.list({ limit: 1 }),
    api.stripe.list({ limit: 1 }),
    openId ? foundOrNull(api.payment.get({ paymentId: openId })) : null,
  ]);
  const cannotBePaid = wallets.items.length + accounts.items.length === 0;
  return (
    <>
      <PageHeader
        title="Payments"
        description="What agents paid for single calls: who was asked, who paid, by which rail, and what they got."
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            <LinkButton href={`${base}/settings?tab=wallets`} variant={cannotBePaid ? 'primary' : 'secondary'}>
              {cannotBePaid && mayWrite ? 'Add wallet' : 'Wallets'}
            </LinkButton>
          </>
        }
      />
      {cannotBePaid ? (
        <Callout
          tone="warning"
          className="mb-5"
          title="There is no wallet to pay into"
          why="Routes with a price for strangers refuse them until you name the address, or the Stripe account, that gets the money."
          next="Add a wallet in Settings."
        />
      ) : null}
      <Tabs
        label="Payments"
        items={VIEWS.map((name) => ({
          label: LABELS[name],
          href: hrefWith(path, {}, { view: name === VIEWS[0] ? null : name, period: param(search, 'period') }),
          current: name === view,
        }))}
      />
      {view === 'overview' ? <PaymentsOverview api={api} base={base} search={search} /> : null}
      {view === 'payments' ? <PaymentsList api={api} base={base} search={search} openId={open?.id} /> : null}
      {view === 'payers' ? <PayersList api={api} base={base} search={search} /> : null}
      {view === 'channels' ? <ChannelsList api={api} base={base} search={search} mayWrite={mayWrite} /> : null}
      {open ? (
        <PaymentSheet
          payment={open}
          base={base}
          mayWrite={mayWrite}
          closeHref={hrefWith(path, search, { payment: null })}
        />
      ) : null}
    </>
  );
}
