import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A child that ends with us, however we end. */
export type LeashedProcess = {
  ended(): boolean;
  /** Asks it to end and waits until it has; after ten seconds it is made to. */
  stop(): Promise<void>;
};

// The shell holds the other end of our pipe: when it closes, by stop() or by our death, the program is told to end.
const script = `
exec 3<&0
"$0" "$@" 3<&- </dev/null &
pid=$!
(
  cat <&3 >/dev/null
  kill -TERM $pid || exit
  for second in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 $pid || exit; done
  kill -KILL $pid
) 2>/dev/null >/dev/null &
exec 3<&-
wait $pid 2>/dev/null
`;

/** Starts a program that cannot outlive this process, not even after SIGKILL. */
export function spawnLeashed(command: string, args: readonly string[]): LeashedProcess {
  const shell = spawn('/bin/sh', ['-c', script, command, ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = () => shell.exitCode !== null || shell.signalCode !== null;
  shell.once('exit', () => shell.stdin.destroy());
  return {
    ended,
    stop: async () => {
      if (ended()) return;
      const exit = once(shell, 'exit');
      shell.stdin.end();
      await exit;
    },
  };
}
