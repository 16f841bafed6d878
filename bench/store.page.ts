import type { StoreBench } from './store.worker.ts';

const worker = new Worker('/worker.js', { type: 'module' });

/** Runs one measurement in the worker, and says how evenly the page drew frames meanwhile. */
async function measure(
  name: keyof StoreBench,
  args: number[],
): Promise<{ result: unknown; frameP95Ms: number }> {
  const gaps: number[] = [];
  let last = performance.now();
  let going = true;
  const onFrame = (now: number) => {
    gaps.push(now - last);
    last = now;
    if (going) requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  const result = await new Promise((resolve, reject) => {
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<{ result?: unknown; error?: string }>) =>
        data.error === undefined ? resolve(data.result) : reject(new Error(data.error)),
      { once: true },
    );
    worker.postMessage({ name, args });
  });
  going = false;
  gaps.sort((a, b) => a - b);
  return { result, frameP95Ms: gaps[Math.floor(gaps.length * 0.95)] };
}

export type Measure = typeof measure;
Object.assign(window, { measure });
