/**
 * What a test makes the facilitator do wrong, set by `POST /_faults` or on the handle; each number counts down to 0.
 * - `loseSettleReplies`: settles, waits for the block, then drops the connection;
 * - `dropSettleRequests`: drops the connection and settles nothing;
 * - `pendingSettles`: settles, then answers that the outcome is pending;
 * - `failVerifies`, `failSettles`: answers 500 and does nothing.
 */
export type FacilitatorFaults = {
  loseSettleReplies: number;
  dropSettleRequests: number;
  pendingSettles: number;
  failVerifies: number;
  failSettles: number;
  /** Waits before each settlement. */
  settleDelayMs: number;
};

/** No faults. */
export function noFaults(): FacilitatorFaults {
  return {
    loseSettleReplies: 0,
    dropSettleRequests: 0,
    pendingSettles: 0,
    failVerifies: 0,
    failSettles: 0,
    settleDelayMs: 0,
  };
}

/** Uses one of the faults left, if any. */
export function takeFault(faults: FacilitatorFaults, name: Exclude<keyof FacilitatorFaults, 'settleDelayMs'>): boolean {
  if (faults[name] <= 0) return false;
  faults[name] -= 1;
  return true;
}
