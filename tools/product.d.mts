import type { LocalState } from '@tollwright/contracts';

/** Calls `use` with the home folder of a running product: that of TOLLWRIGHT_HOME, or one made for the occasion. */
export function withProduct<T>(use: (home: string) => T | Promise<T>): Promise<T>;

/** Starts the built product on free ports and waits until it is ready. */
export function startProduct(
  home: string,
  extraEnv?: Record<string, string>,
): Promise<{ local: LocalState; pid: number; stop(): Promise<void> }>;
