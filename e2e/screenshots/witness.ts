import type { ConsoleMessage, Page, Request, Response } from '@playwright/test';

/** What went wrong on a page, in words. */
export interface Testimony {
  readonly consoleErrors: readonly string[];
  readonly failedRequests: readonly string[];
}

/** Listens to a page from before its first byte. `statuses` are those from 400 up that are meant. */
export function watch(page: Page, statuses: readonly number[]): () => Testimony {
  const consoleErrors: string[] = [];
  const failedRequests: string[] = [];
  let isOver = false;
  const note = (list: string[], text: string) => {
    if (!isOver) list.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' && !isMeant(message, statuses)) note(consoleErrors, message.text());
  });
  page.on('pageerror', (error) => note(consoleErrors, error.stack ?? error.message));
  page.on('requestfailed', (request) => {
    if (!isOvertaken(request)) note(failedRequests, `${describe(request)}: ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (isFailure(response, statuses)) note(failedRequests, `${describe(response.request())}: ${response.status()}`);
  });
  return () => {
    isOver = true;
    return { consoleErrors, failedRequests };
  };
}

/** Chromium reports each answer from 400 up on the console too, and React what failed on the server (its error 441). */
function isMeant(message: ConsoleMessage, statuses: readonly number[]): boolean {
  const text = message.text();
  if (text.includes('Minified React error #441')) return statuses.includes(500);
  const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(text)?.[1];
  return status !== undefined && statuses.includes(Number(status));
}

function isFailure(response: Response, statuses: readonly number[]): boolean {
  return response.status() >= 400 && !statuses.includes(response.status());
}

/** Next gives up fetching what a newer navigation has made needless. */
function isOvertaken(request: Request): boolean {
  return request.failure()?.errorText === 'net::ERR_ABORTED' && request.headers().rsc !== undefined;
}

function describe(request: Request): string {
  return `${request.method()} ${request.url()}`;
}
