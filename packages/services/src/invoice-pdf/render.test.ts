import { getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import type { InvoiceLineOutput, InvoiceOutput } from '../invoice/invoice.ts';
import { dayText, usd } from './invoice-text.ts';
import { renderInvoicePdf } from './render.ts';

const startsAt = '2026-10-24T10:00:00.000Z';
const endsAt = '2026-11-24T10:00:00.000Z';

function line(
  kind: InvoiceLineOutput['kind'],
  description: string,
  amountNanoUsd: string,
  quantity: string | null = null,
) {
  const of = { planVersionId: null, rateCardKey: null, meter: null, model: null };
  return {
    kind,
    description,
    amountNanoUsd,
    quantity,
    taxPercent: kind === 'tax' ? '19' : null,
    startsAt,
    endsAt,
    ...of,
  };
}

const INVOICE: InvoiceOutput = {
  ...{ id: 'ivc_1', number: 'ACME-000002', customerId: 'cus_1', customerName: 'Agents', livemode: true },
  ...{ reason: 'cycle', state: 'open', periodStartsAt: startsAt, periodEndsAt: endsAt },
  ...{ totalNanoUsd: '26786900000000', paidNanoUsd: '0', creditedNanoUsd: '1190000000', dueNanoUsd: '26785710000000' },
  ...{ issuedAt: '2026-11-24T10:05:00.000Z', dueAt: '2026-12-08T10:05:00.000Z', taxNanoUsd: '4276900000000' },
  ...{ paidAt: null, paidBy: null, voidedAt: null, voidReason: null },
  seller: {
    name: 'Acme Schnittstellen GmbH',
    address: 'Hauptstraße 1\n10115 Berlin',
    taxId: 'DE123',
    footer: 'Thank you.',
  },
  buyer: {
    name: 'Łódź 株式会社',
    address: 'Ελλάδα, Україна, Việt Nam\n한국어 中国 العربية',
    taxId: null,
    email: 'a@b.example',
  },
  lines: [
    line('fee', 'Pro', '20000000000'),
    line('usage', 'Pro: Input tokens, small-1', '2507502500', '1003001'),
    line('usage', `Pro: ${'A name that goes on and on '.repeat(4)}large-model`, '22487493000000', '123456789012'),
    ...Array.from({ length: 60 }, (_, index) => line('usage', `Pro: Model ${index}`, `${index}`, `${index * 1000}`)),
    line('shortfall', 'Pro: used beyond what calls had reserved, not charged', '-500000'),
    line('rounding', 'Rounded to whole cents', '-4270'),
    line('tax', 'VAT 19%, Germany', '4276900000000'),
  ],
  creditNotes: [
    {
      ...{ id: 'crn_1', number: 'ACME-CN-000001', invoiceId: 'ivc_1', amountNanoUsd: '1190000000' },
      ...{
        taxNanoUsd: '190000000',
        reason: 'An outage',
        createdBy: 'user:1',
        createdAt: '2026-11-25T10:00:00.000Z',
        paidBack: null,
      },
    },
  ],
};

/** What an independent reader finds, row by row from the top, without spaces. */
async function rowsOf(pdf: Uint8Array): Promise<{ readonly rows: string[]; readonly pages: number }> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const rows: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const byY = new Map<number, { readonly x: number; readonly text: string }[]>();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [x, y] = [Number(item.transform[4]), Math.round(Number(item.transform[5]))];
      byY.set(y, [...(byY.get(y) ?? []), { x, text: item.str }]);
    }
    for (const [, found] of [...byY].sort(([a], [b]) => b - a)) {
      rows.push(
        squeezed(
          found
            .sort((a, b) => a.x - b.x)
            .map(({ text }) => text)
            .join(''),
        ),
      );
    }
  }
  return { rows, pages: document.numPages };
}

const squeezed = (text: string) => text.replace(/\s/g, '');
const period = `${dayText(startsAt)} – ${dayText(endsAt)}`;

describe('a printed invoice', () => {
  it('says every line and sum of the invoice, on as many pages as it takes', async () => {
    const { rows, pages } = await rowsOf(await renderInvoicePdf(INVOICE));
    expect(pages).toBe(3);
    const all = rows.join('\n');
    for (const { kind, description, quantity, amountNanoUsd } of INVOICE.lines) {
      if (kind === 'tax') continue;
      const count = quantity === null ? '' : BigInt(quantity).toLocaleString('en-US');
      const numbers = squeezed(`${period}${count}${usd(amountNanoUsd)}`);
      const first = squeezed(description).slice(0, 14);
      expect(rows.some((row) => row.startsWith(first) && row.endsWith(numbers))).toBe(true);
    }
    expect(all.replaceAll('\n', '')).toContain('goesonandonlarge-model');
    const sums = [
      'Subtotal22,510.00',
      'VAT19%,Germany4,276.90',
      'Total26,786.90',
      'Credited−1.19',
      'Amountdue,USD26,785.71',
    ];
    for (const sum of sums) expect(rows).toContain(sum);
    expect(all).toContain('CreditnoteACME-CN-000001of25Nov2026:1.19USD(0.19ofittax).Anoutage');
    for (let page = 1; page <= pages; page++) expect(rows).toContain(`ACME-000002Page${page}of${pages}`);
  });

  it('says both parties in whatever script they write', async () => {
    const { rows } = await rowsOf(await renderInvoicePdf(INVOICE));
    const all = rows.join('\n');
    for (const text of [
      'AcmeSchnittstellenGmbH',
      'Hauptstraße1',
      'TaxIDDE123',
      'Łódź株式会社',
      'Thankyou.',
      'a@b.example',
    ]) {
      expect(all).toContain(text);
    }
    expect(all).toContain('Ελλάδα,Україна,ViệtNam');
    expect(all).toContain('한국어中国');
  });

  it('of the same invoice has the same bytes', async () => {
    const [first, second] = [await renderInvoicePdf(INVOICE), await renderInvoicePdf(INVOICE)];
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('says what it is once it is paid, void or of test calls', async () => {
    const paid = {
      state: 'paid' as const,
      paidAt: '2026-12-02T09:00:00.000Z',
      paidBy: 'Bank transfer',
      paidNanoUsd: '26785710000000',
    };
    const due = { dueNanoUsd: '0' };
    const rows = async (more: Partial<InvoiceOutput>) =>
      (await rowsOf(await renderInvoicePdf({ ...INVOICE, lines: INVOICE.lines.slice(0, 1), ...more }))).rows;
    const settled = await rows({ ...paid, ...due });
    expect(settled).toContain('InvoicePaid');
    expect(settled).toContain('Paidon2Dec2026:Banktransfer');
    expect(settled).toContain('Amountdue,USD0.00');
    const voided = await rows({ state: 'void', voidedAt: '2026-12-02T09:00:00.000Z', voidReason: 'A mistake', ...due });
    expect(voided).toContain('Voidedon2Dec2026:Amistake');
    expect(voided.some((row) => row.startsWith('Amountdue'))).toBe(false);
    expect(await rows({ livemode: false })).toContain('InvoiceTest:nothingtobepaid');
  });
});
