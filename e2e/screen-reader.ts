import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** What live regions said since it was last asked for. */
    heard: string[];
    /** Messages that a screen reader may miss: they came together with the region that was to tell them. */
    missed: Map<Element, string>;
  }
}

/** Roles that a person moves between or acts on; what lies between them is text. */
const LANDMARKS = ['banner', 'main', 'complementary', 'contentinfo', 'navigation', 'region', 'group', 'form'];
const WINDOWS = ['dialog', 'alertdialog', 'menu', 'tabpanel', 'tablist'];
const CONTROLS = [
  'application',
  'button',
  'checkbox',
  'combobox',
  'link',
  'listbox',
  'menuitem',
  'radio',
  'slider',
  'spinbutton',
  'switch',
  'tab',
  'textbox',
  'DisclosureTriangle',
];
const TOLD = new Set([...LANDMARKS, ...WINDOWS, ...CONTROLS, 'heading', 'image', 'progressbar']);

interface ReadNode {
  nodeId: string;
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  childIds?: string[];
  properties?: { name: string; value: { value: unknown } }[];
}

/**
 * What a screen reader has of the page: the browser's accessibility tree in the order of reading, and what live
 * regions say. It is as strict as the strictest of them: a status that comes together with its words is not heard.
 */
export class ScreenReader {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Before the page is opened. */
  static async start(page: Page): Promise<ScreenReader> {
    await page.addInitScript(listenToLiveRegions);
    return new ScreenReader(page);
  }

  /** The page from its beginning to its end, a line for each thing: `heading 1: Vitrine`, `button: Reset (disabled)`. */
  async read(): Promise<string[]> {
    const session = await this.#page.context().newCDPSession(this.#page);
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: ReadNode[] };
    await session.detach();
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const lines: string[] = [];
    const walk = (node: ReadNode): void => {
      const role = node.role?.value ?? '';
      const name = node.name?.value.replaceAll(/\s+/g, ' ').trim() ?? '';
      const told = !node.ignored && TOLD.has(role);
      if (told && (name || !LANDMARKS.includes(role) || role === 'main'))
        lines.push(`${role}${level(node)}: ${name}${states(node)}`.trim());
      else if (!node.ignored && role === 'StaticText' && name) lines.push(name);
      // The name of these is what is in them, and is told already.
      if (told && ['button', 'tab', 'menuitem', 'heading', 'link', 'image'].includes(role)) return;
      for (const id of node.childIds ?? []) {
        const child = byId.get(id);
        if (child) walk(child);
      }
    };
    if (nodes.length > 0) walk(nodes[0]);
    return lines;
  }

  /** What was said since the last call, in order. */
  async heard(): Promise<string[]> {
    return this.#page.evaluate(() => window.heard.splice(0));
  }

  /** What nobody may have heard, since the page was opened. */
  async missed(): Promise<string[]> {
    return this.#page.evaluate(() => [...window.missed.values()]);
  }

  /** Resolves when a live region says something that `pattern` fits, from the last `heard` on. */
  async hear(pattern: RegExp): Promise<void> {
    await this.#page.waitForFunction(
      ([source, flags]) => window.heard.some((line) => new RegExp(source, flags).test(line)),
      [pattern.source, pattern.flags] as const,
    );
  }
}

function property(node: ReadNode, name: string): unknown {
  return node.properties?.find((each) => each.name === name)?.value.value;
}

function level(node: ReadNode): string {
  return node.role?.value === 'heading' ? ` ${String(property(node, 'level'))}` : '';
}

function states(node: ReadNode): string {
  const told = [
    property(node, 'disabled') === true ? 'disabled' : '',
    property(node, 'pressed') === 'true' ? 'pressed' : '',
    property(node, 'selected') === true ? 'selected' : '',
    property(node, 'expanded') === true ? 'open' : '',
    property(node, 'checked') === 'true' ? 'checked' : '',
  ].filter(Boolean);
  return told.length > 0 ? ` (${told.join(', ')})` : '';
}

/** Runs in the page, before its own scripts. */
function listenToLiveRegions(): void {
  window.heard = [];
  window.missed = new Map();
  const LIVE = '[role=status], [role=alert], [role=log], [aria-live]';
  const words = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  /** What each region said last, from when it was first seen: empty or not. */
  const said = new WeakMap<Element, string>();
  const parentOf = (node: Node): Node | null =>
    node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentNode;
  const regionOf = (start: Node): Element | null => {
    for (let node: Node | null = start; node; node = parentOf(node))
      if (node instanceof Element && node.matches(LIVE)) return node;
    return null;
  };
  const shown = (element: Element) => !(element as HTMLElement).closest('[hidden]');
  const meet = (region: Element): void => {
    if (said.has(region)) return;
    const text = shown(region) ? words(region) : '';
    said.set(region, text);
    if (!text) return;
    // An alert is told whenever it comes; a status only when it changes.
    if (region.getAttribute('role') === 'alert') window.heard.push(text);
    else window.missed.set(region, text);
  };
  const onChange = (records: MutationRecord[]): void => {
    for (const { target, addedNodes } of records) {
      for (const added of addedNodes)
        if (added instanceof Element) {
          if (added.matches(LIVE)) meet(added);
          for (const region of added.querySelectorAll(LIVE)) meet(region);
        }
      const region = regionOf(target);
      if (!region) continue;
      const text = shown(region) ? words(region) : '';
      // New nodes are told though they say the same again.
      if (said.get(region) === text && addedNodes.length === 0) continue;
      said.set(region, text);
      if (!text || !region.isConnected) continue;
      window.heard.push(text);
      window.missed.delete(region);
    }
  };
  const options = {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['hidden'],
  };
  new MutationObserver(onChange).observe(document, options);
  const attach = Reflect.get<Element, 'attachShadow'>(Element.prototype, 'attachShadow');
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    new MutationObserver(onChange).observe(root, options);
    return root;
  };
}
