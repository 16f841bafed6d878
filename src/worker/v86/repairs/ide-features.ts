/** Subcommands of SET FEATURES, ATA/ATAPI-6 §8.46. */
export const FEATURE = {
  writeCacheOn: 0x02,
  transferMode: 0x03,
  noLookAhead: 0x55,
  keepOverReset: 0x66,
  writeCacheOff: 0x82,
  lookAhead: 0xaa,
  defaultsAtReset: 0xcc,
} as const;
const FEATURES: ReadonlySet<number> = new Set(Object.values(FEATURE));

/** Ultra DMA 5 is what the firmware of a PC finds chosen. */
export const POWER_ON_MODE = 0x45;
/** What a moment's guest has chosen where the moment does not say: the fastest that there was then, multiword DMA 2. */
export const OLD_MODE = 0x22;

/** Kinds of transfer, in the upper five bits of the mode's number, and the highest mode of each (ATA/ATAPI-6 table 44). */
const KIND = { pioDefault: 0x00, pio: 0x08, multiword: 0x20, ultra: 0x40 } as const;
const HIGHEST = new Map<number, number>([
  [KIND.pioDefault, 1],
  [KIND.pio, 4],
  [KIND.multiword, 2],
  [KIND.ultra, 5],
]);

/** Words of IDENTIFY (PACKET) DEVICE, ATA/ATAPI-6 §8.15 and §8.16. */
const WORD = {
  capabilities: 49,
  multiword: 63,
  pio: 64,
  cycles: 65,
  majorVersion: 80,
  minorVersion: 81,
  ultra: 88,
} as const;
/** ATA/ATAPI-4 to -7; no word of which draft. */
const ATA_4_TO_7 = 0x00f0;
const PIO_3_AND_4 = 0x0003;
/** PIO 3 and 4 need it. */
const IORDY = 1 << 11;
const MULTIWORD_0_TO_2 = 0x0007;
const ULTRA_0_TO_5 = 0x003f;
/** Nanoseconds of PIO 4 and multiword DMA 2. */
const CYCLE_NS = 120;

/** Whether a drive has the feature, and for a transfer mode the mode. `argument` is the sector count register. */
export function hasFeature(feature: number, argument: number): boolean {
  if (feature === FEATURE.transferMode) return (argument & 7) <= (HIGHEST.get(argument & 0xf8) ?? -1);
  return FEATURES.has(feature);
}

/** Writes the standard and the modes of transfer into what IDENTIFY answers; `mode` is the one that was chosen. */
export function describeTransfer(words: DataView, mode: number): void {
  const set = (word: number, value: number) => words.setUint16(word * 2, value, true);
  const chosen = (kind: number) => ((mode & 0xf8) === kind ? 0x100 << (mode & 7) : 0);
  set(WORD.multiword, MULTIWORD_0_TO_2 | chosen(KIND.multiword));
  set(WORD.capabilities, words.getUint16(WORD.capabilities * 2, true) | IORDY);
  set(WORD.pio, PIO_3_AND_4);
  for (let i = 0; i < 4; i++) set(WORD.cycles + i, CYCLE_NS);
  set(WORD.majorVersion, ATA_4_TO_7);
  set(WORD.minorVersion, 0);
  set(WORD.ultra, ULTRA_0_TO_5 | chosen(KIND.ultra));
}
