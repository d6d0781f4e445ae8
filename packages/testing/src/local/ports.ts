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

/** A port that nobody listens on now: the preferred one when it is free, else one that the kernel picks. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
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
