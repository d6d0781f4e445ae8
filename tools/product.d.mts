import type { LocalState } from '@tollwright/contracts';

export function withProduct<T>(use: (home: string) => Promise<T> | T): Promise<T>;
export function startProduct(
  home: string,
  extraEnv?: Record<string, string>,
): Promise<{ local: LocalState; pid: number; stop(): Promise<void> }>;
