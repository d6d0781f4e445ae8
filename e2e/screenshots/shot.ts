import type { Page } from '@playwright/test';
import type { Role } from './cast.ts';

export const WIDTHS = [1440, 390] as const;
export type Width = (typeof WIDTHS)[number];
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** One state of a page, as one person sees it. */
export interface Shot {
  /** The page's place in the file tree, as `portalRoutes` writes it. */
  readonly route: string;
  readonly role: Role;
  /** What the picture shows; the picture's name. */
  readonly name: string;
  readonly path: string;
  /** Statuses from 400 up that belong to this state, such as the 404 of a page about nothing. */
  readonly statuses?: readonly number[];
  /** What the person does before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Where a state exists at one width only. */
  readonly widths?: readonly Width[];
  /** Taken while the portal may not read this table. */
  readonly unreadable?: string;
}

/** A line of reports/screens.json; the last four must be zero. */
export interface Screen {
  readonly route: string;
  readonly role: Role;
  readonly width: Width;
  readonly theme: Theme;
  /** Which state of the page, and the file that shows it. */
  readonly name: string;
  readonly picture: string;
  readonly axeViolations: number;
  readonly consoleErrors: number;
  readonly failedRequests: number;
  readonly overflowPx: number;
}
