/** How long elements may draw themselves for the first time before the browser gets a turn; four times that on a phone. */
const TURN_MS = 8;

let turnBegan: number | null = null;
let nextTurn: Promise<void> | null = null;

/**
 * Null while an element may draw itself for the first time at once, else what it waits for before it asks again.
 * A page's first view is a hundred elements, which together would hold up a slow computer, and a finger on it, for
 * a quarter of a second; in turns the browser paints and listens in between.
 */
export function firstDrawingTurn(): Promise<void> | null {
  if (nextTurn) return nextTurn;
  const now = performance.now();
  if (turnBegan === null) {
    turnBegan = now;
    // The turn ends with the task: whatever draws later begins one of its own.
    void task().then(() => (turnBegan = null));
  }
  if (now - turnBegan < TURN_MS) return null;
  nextTurn = task().then(() => {
    nextTurn = null;
    turnBegan = null;
  });
  return nextTurn;
}

/** Resolves when nothing waits for its first drawing any more: until then what is drawn would push the rest about. */
export async function firstDrawingDone(): Promise<void> {
  // What was drawn in one turn may hold what draws itself in the next; after a whole task it has asked for it.
  do await task();
  while (nextTurn);
}

/** Resolves in a task of its own. Not by a timer: those are held back where they come one out of the other. */
function task(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
