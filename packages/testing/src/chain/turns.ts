/** Runs one thing after the other, so that two transactions of one account never take the same nonce. */
export type InTurn = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** A queue of its own; what fails holds nobody up. */
export function takeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };
}
