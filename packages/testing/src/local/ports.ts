import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A taken port, with the name of the environment variable that chooses another. */
export class PortTaken extends Error {
  constructor(port: number, variable: string) {
    super(`Port ${port} is taken. Stop what uses it, or set ${variable} to a free port.`);
    this.name = 'PortTaken';
  }
}

/** Whether this machine's loopback lets us listen on the port, on both the narrow and the wide address. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

/** Below what kernels give to connections, so that none takes a port before it is listened on; above those that have names. */
const PORTS = { from: 12_000, to: 26_000 };

/** A port that nobody listens on now: the preferred one when it is free, else any. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
}

/** Throws PortTaken unless the port that the variable chose is free. */
export async function requireFree(port: number, variable: string): Promise<void> {
  if (!(await isFree(port))) throw new PortTaken(port, variable);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
