import type { InvoiceOutput } from '../invoice/invoice.ts';
import { type Fact, type InvoiceText, invoiceText, type LineText } from './invoice-text.ts';
import { type Document, type Style, Typesetter } from './typesetter.ts';

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89 } as const;
const LEFT = 56;
const RIGHT = PAGE.width - 56;
const TOP = 64;
/** Below it stand the foot and the page's number. */
const BOTTOM = PAGE.height - 72;
const COLUMNS = { period: 262, quantity: 452, amount: RIGHT } as const;
const DESCRIPTION_WIDTH = COLUMNS.period - LEFT - 16;
/** Right of it, facts and sums. */
const ASIDE = 336;
const LEADING = 1.4;

const BODY: Style = { size: 9 };
const MUTED: Style = { size: 9, color: '#52525b' };
const HEAD: Style = { size: 8, color: '#52525b' };
const STRONG: Style = { size: 9, weight: 'bold' };
const NAME: Style = { size: 10, weight: 'bold' };
const TITLE: Style = { size: 20, weight: 'bold' };

/** An invoice as a PDF. The same invoice in the same state has the same bytes. */
export async function renderInvoicePdf(invoice: InvoiceOutput): Promise<Uint8Array> {
  const { default: PdfDocument } = await import('pdfkit');
  const issuedAt = new Date(invoice.issuedAt);
  const document = new PdfDocument({
    ...{ size: [PAGE.width, PAGE.height], margin: 0, bufferPages: true, autoFirstPage: true, lang: 'en' },
    // Its own fonts alone: none of those that every reader is said to have.
    font: null as unknown as string,
    info: {
      Title: `Invoice ${invoice.number}`,
      Author: invoice.seller.name,
      Producer: 'Tollwright',
      Creator: 'Tollwright',
      CreationDate: issuedAt,
      ModDate: issuedAt,
    },
  });
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', () => resolve());
    document.on('error', reject);
  });
  new Sheet(document).write(invoiceText(invoice));
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Writes downwards, page after page. */
class Sheet {
  readonly #document: Document;
  readonly #type: Typesetter;
  #y = TOP;

  constructor(document: Document) {
    this.#document = document;
    this.#type = new Typesetter(document);
  }

  write(text: InvoiceText): void {
    this.#head(text);
    this.#table(text.lines);
    this.#sums(text.sums);
    this.#notes(text.notes);
    this.#feet(text);
  }

  #head({ seller, buyer, facts, mark }: InvoiceText): void {
    const title = 'Invoice';
    this.#type.draw(title, LEFT, this.#y + 8, TITLE);
    if (mark !== null)
      this.#type.draw(mark, LEFT + this.#type.width(title, TITLE) + 10, this.#y + 8, { ...NAME, color: '#52525b' });
    this.#y += 44;
    const top = this.#y;
    const left = this.#party('From', seller, LEFT, top, ASIDE - LEFT - 24);
    const between = this.#party('To', buyer, LEFT, left + 14, ASIDE - LEFT - 24);
    const right = this.#facts(facts, top);
    this.#y = Math.max(between, right) + 24;
  }

  /** Answers where it ends. */
  #party(label: string, party: InvoiceText['seller'], x: number, top: number, width: number): number {
    this.#type.draw(label, x, top, HEAD);
    let y = top + 15;
    for (const [text, style] of [
      [party.name, NAME],
      [party.rest, BODY],
    ] as const) {
      if (text === '') continue;
      for (const line of this.#type.wrap(text, width, style)) {
        this.#type.draw(line, x, y, style);
        y += style.size * LEADING;
      }
    }
    return y;
  }

  #facts(facts: readonly Fact[], top: number): number {
    let y = top;
    for (const { label, value, isStrong } of facts) {
      this.#type.draw(label, ASIDE, y, MUTED);
      for (const line of this.#type.wrap(value, RIGHT - ASIDE - 84, BODY)) {
        this.#type.draw(line, RIGHT, y, isStrong === true ? STRONG : BODY, 'right');
        y += 14;
      }
    }
    return y;
  }

  #table(lines: readonly LineText[]): void {
    this.#tableHead();
    for (const line of lines) this.#row(line);
  }

  #tableHead(): void {
    const y = this.#y;
    this.#type.draw('Description', LEFT, y, HEAD);
    this.#type.draw('Period, UTC', COLUMNS.period, y, HEAD);
    this.#type.draw('Quantity', COLUMNS.quantity, y, HEAD, 'right');
    this.#type.draw('Amount, USD', COLUMNS.amount, y, HEAD, 'right');
    this.#rule(y + 7, '#18181b', 0.75);
    this.#y = y + 22;
  }

  #row({ description, period, quantity, amount }: LineText): void {
    const words = this.#type.wrap(description, DESCRIPTION_WIDTH, BODY);
    if (this.#y + words.length * BODY.size * LEADING > BOTTOM) {
      this.#turn();
      this.#tableHead();
    }
    // Left to right, as it is read aloud and copied.
    const top = this.#y;
    for (const line of words) {
      this.#type.draw(line, LEFT, this.#y, BODY);
      this.#y += BODY.size * LEADING;
    }
    this.#type.draw(period, COLUMNS.period, top, MUTED);
    this.#type.draw(quantity, COLUMNS.quantity, top, BODY, 'right');
    this.#type.draw(amount, COLUMNS.amount, top, BODY, 'right');
    this.#rule(this.#y - 5, '#e4e4e7', 0.5);
    this.#y += 9;
  }

  /** All on one page. */
  #sums(sums: readonly Fact[]): void {
    const rows = sums.map((fact) => ({ ...fact, words: this.#type.wrap(fact.label, RIGHT - ASIDE - 90, MUTED) }));
    const height = rows.reduce((sum, { words }) => sum + 16 + (words.length - 1) * 12, 0);
    if (this.#y + height > BOTTOM) this.#turn();
    this.#y += 4;
    for (const { words, value, isStrong } of rows) {
      for (const [index, line] of words.entries()) {
        this.#type.draw(line, ASIDE, this.#y + index * 12, isStrong === true ? STRONG : MUTED);
      }
      this.#type.draw(value, RIGHT, this.#y, isStrong === true ? STRONG : BODY, 'right');
      this.#y += 16 + (words.length - 1) * 12;
    }
  }

  #notes(notes: readonly string[]): void {
    this.#y += 12;
    for (const note of notes) {
      for (const line of this.#type.wrap(note, RIGHT - LEFT, BODY)) {
        if (this.#y > BOTTOM) this.#turn();
        this.#type.draw(line, LEFT, this.#y, BODY);
        this.#y += BODY.size * LEADING;
      }
      this.#y += 3;
    }
  }

  /** The seller's words below what is last, and on every page which it is. */
  #feet({ footer, number }: InvoiceText): void {
    const words = footer === null ? [] : this.#type.wrap(footer, RIGHT - LEFT, HEAD);
    const height = words.length * 11;
    if (this.#y + 12 + height > BOTTOM) this.#turn();
    let y = BOTTOM + 8 - height;
    for (const line of words) {
      this.#type.draw(line, LEFT, y, HEAD);
      y += 11;
    }
    const { count } = this.#document.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#document.switchToPage(page);
      this.#rule(PAGE.height - 52, '#e4e4e7', 0.5);
      this.#type.draw(number, LEFT, PAGE.height - 38, HEAD);
      this.#type.draw(`Page ${page + 1} of ${count}`, RIGHT, PAGE.height - 38, HEAD, 'right');
    }
  }

  #turn(): void {
    this.#document.addPage();
    this.#y = TOP;
  }

  #rule(y: number, color: string, width: number): void {
    this.#document.lineWidth(width).strokeColor(color).moveTo(LEFT, y).lineTo(RIGHT, y).stroke();
  }
}
