import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a figure depends on and a reader cannot see: written beside every report. */
export interface MachineFacts {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  browser: string;
  /** Work that others do on this machine, as the load average of the last minute before the run. */
  loadBefore: number;
  at: string;
}

/** Facts of this machine; `browser` as the browser says it of itself. */
export function machineFacts(browser: string): MachineFacts {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    browser: `Chromium ${browser}`,
    loadBefore: Math.round(loadavg()[0] * 100) / 100,
    at: new Date().toISOString(),
  };
}

/** One line for the end of the report. A busy machine is said to be one. */
export function factsLine(facts: MachineFacts, runs: number): string {
  const busy =
    facts.loadBefore > 0.5
      ? ` The machine was busy (load ${facts.loadBefore}): neither times nor ratios can be trusted.`
      : '';
  return (
    `Medians of ${runs} alternating ${runs === 1 ? 'run' : 'runs'}. ${facts.cpu}, ${facts.cores} cores, ` +
    `${facts.memoryGiB} GiB, ${facts.system}, ${facts.browser}, Node ${facts.node}.${busy}`
  );
}
