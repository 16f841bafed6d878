/** An arrow of any graph. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Groups of nodes that all lead to each other, each sorted; an arrow to itself makes none. */
export function findCircles(arrows: readonly Arrow[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reach = new Map([...next.keys()].map((node) => [node, reachable(next, node)]));
  const circles = new Map<string, string[]>();
  for (const [node, reached] of reach) {
    const circle = [...reached].filter((other) => reach.get(other)?.has(node)).sort();
    if (circle.length > 1) circles.set(circle[0], circle);
  }
  return [...circles.values()];
}

/** Every node that the arrows lead to from `starts`, these among them only where an arrow leads back. */
export function reachable(
  next: ReadonlyMap<string, ReadonlySet<string>>,
  ...starts: readonly string[]
): Set<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const other of next.get(node) ?? [])
      if (!found.has(other)) {
        found.add(other);
        waiting.push(other);
      }
  return found;
}
