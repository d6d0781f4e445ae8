import { readFileSync } from 'node:fs';
import { fontFiles, type Weight } from './fonts.ts';
import { fontOfWoff } from './woff.ts';

/** What of PDFKit is used. */
export type Document = PDFKit.PDFDocument;

export interface Style {
  readonly size: number;
  readonly weight?: Weight;
  readonly color?: string;
}

/** A stretch of text in one font. */
interface Run {
  readonly font: string;
  readonly text: string;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });

/** Sets text of any script on a document: each character in the first font that has it. */
export class Typesetter {
  readonly #document: Document;
  readonly #loaded = new Map<string, ReadonlySet<number>>();
  readonly #fonts = new Map<string, string>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Points. */
  width(text: string, style: Style): number {
    return this.#runs(text, style).reduce((sum, run) => sum + this.#widthOf(run, style), 0);
  }

  /** Lines that are no wider. A word that is wider itself is broken, and a line break of the text is one. */
  wrap(text: string, widthMax: number, style: Style): string[] {
    return text.split('\n').flatMap((paragraph) => this.#wrapParagraph(paragraph, widthMax, style));
  }

  /** Draws one line with its baseline at `y`. `align` right: it ends at `x`. */
  draw(text: string, x: number, y: number, style: Style, align: 'left' | 'right' = 'left'): void {
    let at = align === 'left' ? x : x - this.width(text, style);
    this.#document.fillColor(style.color ?? '#18181b');
    for (const run of this.#runs(text, style)) {
      this.#use(run.font, style);
      this.#document.text(run.text, at, y, { lineBreak: false, baseline: 'alphabetic' });
      at += this.#widthOf(run, style);
    }
  }

  #wrapParagraph(paragraph: string, widthMax: number, style: Style): string[] {
    const lines: string[] = [];
    let line = '';
    for (const piece of this.#pieces(paragraph, widthMax, style)) {
      if (line !== '' && this.width((line + piece).trimEnd(), style) > widthMax) {
        lines.push(line.trimEnd());
        line = piece.trimStart();
      } else line += piece;
    }
    return [...lines, line.trimEnd()];
  }

  /** Where a line may break: between words and what follows them, and within what is wider than a line. */
  #pieces(paragraph: string, widthMax: number, style: Style): string[] {
    const words: string[] = [];
    for (const { segment, isWordLike } of WORDS.segment(paragraph)) {
      // A mark that follows a word stays on its line.
      if (isWordLike !== true && !/^\s/.test(segment) && words.length > 0) words.push(`${words.pop()}${segment}`);
      else words.push(segment);
    }
    return words.flatMap((word) => {
      if (this.width(word, style) <= widthMax) return [word];
      return [...GRAPHEMES.segment(word)].map(({ segment }) => segment);
    });
  }

  #widthOf(run: Run, style: Style): number {
    this.#use(run.font, style);
    return this.#document.widthOfString(run.text);
  }

  #use(font: string, { size }: Style): void {
    this.#document.font(font).fontSize(size);
  }

  #runs(text: string, { weight = 'regular' }: Style): Run[] {
    const runs: { font: string; text: string }[] = [];
    for (const { segment } of GRAPHEMES.segment(clean(text))) {
      const last = runs.at(-1);
      // A space or a point belongs to the words around it: they may be written from right to left.
      const isKept = last !== undefined && /^[\p{P}\p{Z}\p{N}]+$/u.test(segment) && this.#has(last.font, segment);
      const font = isKept ? last.font : this.#fontOf(segment, weight);
      if (last?.font === font) last.text += segment;
      else runs.push({ font, text: segment });
    }
    return runs;
  }

  #fontOf(segment: string, weight: Weight): string {
    const key = `${weight} ${segment}`;
    const known = this.#fonts.get(key);
    if (known !== undefined) return known;
    const points = codePoints(segment);
    const files = fontFiles(weight);
    const file = files.find(({ name, path, covers }) => {
      return points.every(covers) && this.#load(name, path) && this.#has(name, segment);
    });
    const font = (file ?? files.at(-1))?.name ?? '';
    this.#fonts.set(key, font);
    return font;
  }

  #load(name: string, path: string): boolean {
    if (!this.#loaded.has(name)) {
      this.#document.registerFont(name, fontOfWoff(readFileSync(path)));
      this.#document.font(name);
      const { font } = (this.#document as unknown as { readonly _font: { readonly font: { characterSet: number[] } } })
        ._font;
      this.#loaded.set(name, new Set(font.characterSet));
    }
    return true;
  }

  #has(name: string, segment: string): boolean {
    const characters = this.#loaded.get(name);
    return codePoints(segment).every((point) => characters?.has(point) === true || isInvisible(point));
  }
}

function codePoints(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0);
}

/** Joiners and variation selectors, which fonts need not have. */
function isInvisible(point: number): boolean {
  return point === 0x200c || point === 0x200d || (point >= 0xfe00 && point <= 0xfe0f);
}

/** Without what is no character of a line. */
function clean(text: string): string {
  return text.replaceAll('\t', ' ').replace(/\p{Cc}/gu, '');
}
