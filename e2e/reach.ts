import { expect, type Page } from '@playwright/test';

/** From the smallest phone that WCAG asks for, one that lies, small and common screens, a kiosk that stands, to a wall. */
export const SCREENS = [
  [320, 568],
  [390, 844],
  [667, 375],
  [1080, 1920],
  [1280, 720],
  [1440, 900],
  [3840, 2160],
] as const;

/** The windows that are open can be used on every screen. The page has the size that it had, afterwards. */
export async function expectInReach(page: Page, what: string): Promise<void> {
  const before = page.viewportSize();
  for (const [width, height] of SCREENS) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => outOfReach(page), { message: `${what} at ${width} × ${height}` }).toEqual([]);
  }
  if (before) await page.setViewportSize(before);
}

/**
 * What of the windows that are open a visitor cannot get at: a control that is cut off, and not by something that
 * scrolls; one that something else lies over; words that stick out of their button. Also a window that has no control
 * at all. Each with the name of its window.
 */
function outOfReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const WINDOWS = 'dialog[open], [role=dialog], [role=alertdialog], vitrine-power-menu, vitrine-keyboard';
    const CONTROLS = 'button, a[href], input:not([type=hidden]), select, textarea, summary';

    const all = (root: ParentNode, selector: string): HTMLElement[] => [
      ...root.querySelectorAll<HTMLElement>(selector),
      ...[...root.querySelectorAll('*')].flatMap((each) =>
        each.shadowRoot ? all(each.shadowRoot, selector) : [],
      ),
    ];
    /** The tree as it is drawn: what is in a slot is where the slot is. */
    const parentOf = (node: Element): Element | null => {
      if (node.assignedSlot) return node.assignedSlot;
      if (node.parentElement) return node.parentElement;
      const root = node.getRootNode();
      return root instanceof ShadowRoot ? root.host : null;
    };
    const isWithin = (node: Element, outer: Element): boolean => {
      for (let each: Element | null = node; each; each = parentOf(each)) if (each === outer) return true;
      return false;
    };
    const deepest = (x: number, y: number): Element | null => {
      let hit: Element | null = null;
      let next = document.elementFromPoint(x, y);
      while (next && next !== hit) {
        hit = next;
        next = hit.shadowRoot?.elementFromPoint(x, y) ?? null;
      }
      return hit;
    };
    const nameOf = (node: HTMLElement): string =>
      (node.getAttribute('aria-label') ?? node.textContent ?? '')
        .trim()
        .replaceAll(/\s+/g, ' ')
        .slice(0, 40) || `${node.localName}${node.id && `#${node.id}`}`;

    /** Why it cannot be got at, once what scrolls for a visitor was scrolled to it; '' when it can. */
    const problemOf = (control: HTMLElement): string => {
      control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      for (let each = parentOf(control); each; each = parentOf(each)) {
        const { overflowX, overflowY } = getComputedStyle(each);
        // A script can scroll what is cut off; a visitor cannot.
        const isMoved =
          (/hidden|clip/.test(overflowY) && each.scrollTop !== 0) ||
          (/hidden|clip/.test(overflowX) && each.scrollLeft !== 0);
        if (isMoved && each !== document.documentElement && each !== document.body) {
          each.scrollTo(0, 0);
          return `cut off by ${each.localName}.${each.className}`;
        }
      }
      const box = control.getBoundingClientRect();
      const left = Math.max(0, box.left);
      const right = Math.min(innerWidth, box.right);
      const top = Math.max(0, box.top);
      const bottom = Math.min(innerHeight, box.bottom);
      if (right - left < Math.min(box.width, 12) || bottom - top < Math.min(box.height, 12))
        return `out of sight at ${Math.round(box.left)},${Math.round(box.top)}`;
      const hit = deepest((left + right) / 2, (top + bottom) / 2);
      if (!hit || !(isWithin(hit, control) || isWithin(control, hit)))
        return `under ${hit?.localName ?? 'nothing'}.${hit?.className ?? ''}`;
      const isText = control instanceof HTMLButtonElement;
      if (isText && control.scrollWidth > control.clientWidth + 1)
        return `${control.scrollWidth - control.clientWidth} px wider than its button`;
      return '';
    };

    const windows = all(document, WINDOWS).filter((each) => each.checkVisibility());
    const controls = all(document, CONTROLS).filter(
      (each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 1,
    );
    if (windows.length === 0) return ['no window is open'];
    return windows.flatMap((window) => {
      const name = window.getAttribute('aria-label') ?? window.id ?? '';
      const where = `${window.localName} ${name}`.trim();
      const own = controls.filter((control) => isWithin(control, window));
      if (own.length === 0) return [`${where}: nothing to press`];
      return own.flatMap((control) => {
        const problem = problemOf(control);
        return problem ? [`${where}: “${nameOf(control)}” ${problem}`] : [];
      });
    });
  });
}
