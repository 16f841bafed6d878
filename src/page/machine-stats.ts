/** Figures of a machine, as the contract names them. What a machine that is off does not have is 0 or null. */
export interface MachineStats {
  /** Guest instructions since power-on; never falls. */
  instructions: number;
  /** Millions of guest instructions a second, over the last half second. */
  mips: number;
  diskReadBytes: number;
  diskWrittenBytes: number;
  discReadBytes: number;
  floppyReadBytes: number;
  /** Written by the guest and not yet durable. */
  dirtyBytes: number;
  cacheBytes: number;
  /** What the machine's disk takes in this browser. */
  storedBytes: number;
  lastCommitAt: number | null;
  screen: { width: number; height: number; mode: 'text' | 'graphics' } | null;
  /** Time the guest has run since power-on, pauses left out. */
  uptimeMs: number;
}

export const STATS_OF_NOTHING: MachineStats = {
  instructions: 0,
  mips: 0,
  diskReadBytes: 0,
  diskWrittenBytes: 0,
  discReadBytes: 0,
  floppyReadBytes: 0,
  dirtyBytes: 0,
  cacheBytes: 0,
  storedBytes: 0,
  lastCommitAt: null,
  screen: null,
  uptimeMs: 0,
};
