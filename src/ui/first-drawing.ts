/** How long elements may draw themselves for the first time before the browser gets a turn; four times that on a phone. */
const TURN_MS = 8;

const turn: { began: number | null; next: Promise<void> | null } = { began: null, next: null };

/**
 * Null while an element may draw itself for the first time at once, else what it waits for before it asks again.
 * A page's first view is a hundred elements, which together would hold up a slow computer, and a finger on it, for
 * a quarter of a second; in turns the browser listens in between.
 */
export function firstDrawingTurn(): Promise<void> | null {
  if (turn.next) return turn.next;
  const now = performance.now();
  if (turn.began === null) {
    turn.began = now;
    // The turn ends with the task: whatever draws later begins one of its own.
    void forgetBegin();
  }
  if (now - turn.began < TURN_MS) return null;
  turn.next = endTurn();
  return turn.next;
}

/** Resolves when nothing waits for its first drawing any more: until then what is drawn would push the rest about. */
export async function firstDrawingDone(): Promise<void> {
  // What was drawn in one turn may hold what draws itself in the next; after a whole task it has asked for it.
  do await task();
  while (turn.next);
}

async function forgetBegin(): Promise<void> {
  await task();
  turn.began = null;
}

async function endTurn(): Promise<void> {
  await forgetBegin();
  turn.next = null;
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
