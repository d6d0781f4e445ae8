import type { Gateway } from '../pipeline/gateway.ts';

const COUNT_EVERY_MS = 5_000;

/**
 * Keeps the number of gateway processes, which share the limits that each keeps by itself. A process that came is known
 * within five seconds. One that died counts until its spool is closed: less is admitted meanwhile, never more.
 */
export function countProcesses(gateway: Gateway): void {
  const count = async () => {
    if (gateway.draining) return clearInterval(timer);
    try {
      const spools = await gateway.state.spools.list();
      const processes = Math.max(1, spools.filter(({ closedAtMs }) => closedAtMs === null).length);
      gateway.limits.shares.processes = processes;
      gateway.limits.slots.processes = processes;
    } catch (error) {
      gateway.log.warn({ err: error }, 'the gateways could not be counted; the last count stays');
    }
  };
  const timer = setInterval(() => void count(), COUNT_EVERY_MS);
  timer.unref();
  void count();
}
