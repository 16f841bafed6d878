const KNEE = 0.7;

/**
 * Leaves samples up to 0.7 as they are and bends what is louder towards 1, which it never passes: a guest that turns
 * every volume up is loud, not torn. What is no number is silence, since one such sample would end a browser's
 * sound for good.
 */
export function softLimit(sample: number): number {
  const size = Math.abs(sample);
  if (size <= KNEE) return sample;
  if (!(size < Infinity)) return 0;
  const over = (size - KNEE) / (1 - KNEE);
  return Math.sign(sample) * (KNEE + (1 - KNEE) * Math.tanh(over));
}
