import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can hold up, lose and break what goes over it. */
export interface Proxy {
  readonly port: number;
  /** From now on requests arrive, and their answers do not: the connection breaks instead. Until `restore`. */
  loseReplies(): void;
  /** The next so many times that `text` went to the target over a connection, it breaks instead of bringing the reply. */
  loseRepliesTo(text: string, times: number): void;
  /** How many replies `loseRepliesTo` has lost. */
  readonly lostReplies: number;
  /** Breaks every connection and refuses new ones, until `restore`. */
  cut(): void;
  /** From now on nothing moves, either way, and nothing breaks. `restore` lets go on what was held up. */
  stall(): void;
  /** From now on each piece comes so much later, either way, in order. Until `restore`. */
  delay(ms: number): void;
  restore(): void;
  /** Breaks every connection; new ones are carried to this port. */
  retarget(port: number): void;
  close(): Promise<void>;
}

/** Listens on a free port and carries every connection to `targetPort`. */
export async function openProxy(targetPort: number): Promise<Proxy> {
  let target = targetPort;
  let mode: 'whole' | 'one-way' | 'cut' | 'stalled' = 'whole';
  let delayMs = 0;
  const heldUp: (() => void)[] = [];
  /** Hands a piece on when its time has come: pieces of a connection stay in order, for all wait alike. */
  const carry = (hand: () => void) => {
    const due = () => (mode === 'stalled' ? void heldUp.push(hand) : hand());
    if (delayMs > 0) setTimeout(due, delayMs);
    else due();
  };
  const marked = { text: '', times: 0, lost: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    let doomed = false;
    near.on('data', (data) => {
      doomed ||= marked.times > 0 && data.includes(marked.text);
      carry(() => far.write(data));
    });
    far.on('data', (data) => {
      if (doomed && marked.times > 0) {
        marked.times--;
        marked.lost++;
        end();
      } else if (mode === 'one-way') end();
      else carry(() => near.write(data));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    loseReplies: () => {
      mode = 'one-way';
    },
    loseRepliesTo(text, times) {
      marked.text = text;
      marked.times = times;
    },
    get lostReplies() {
      return marked.lost;
    },
    cut() {
      mode = 'cut';
      breakAll();
    },
    stall() {
      mode = 'stalled';
    },
    delay(ms) {
      delayMs = ms;
    },
    restore() {
      mode = 'whole';
      delayMs = 0;
      for (const hand of heldUp.splice(0)) hand();
    },
    retarget(port) {
      target = port;
      breakAll();
    },
    close() {
      breakAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
