import type { Platform } from './platform.ts';

/** A combination the page offers as a button, because the visitor's own system or browser keeps it for itself. */
export interface Combo {
  id: 'ctrl-alt-del' | 'windows' | 'alt-tab' | 'alt-f4' | 'escape' | 'print-screen';
  /** The words on the button. */
  label: string;
  /** What it does in the guest, for a tooltip or a description. */
  title: string;
  /** `KeyboardEvent.code` names for `pressKeys`. */
  codes: readonly string[];
}

export const COMBOS: readonly Combo[] = [
  {
    id: 'ctrl-alt-del',
    label: 'Ctrl+Alt+Del',
    title: 'Log on, lock, or open the Task Manager',
    codes: ['ControlLeft', 'AltLeft', 'Delete'],
  },
  { id: 'windows', label: 'Windows key', title: 'Open the Start menu', codes: ['MetaLeft'] },
  { id: 'alt-tab', label: 'Alt+Tab', title: 'Go to the previous window', codes: ['AltLeft', 'Tab'] },
  { id: 'alt-f4', label: 'Alt+F4', title: 'Close the window in front', codes: ['AltLeft', 'F4'] },
  { id: 'escape', label: 'Esc', title: 'Press Escape', codes: ['Escape'] },
  {
    id: 'print-screen',
    label: 'PrintScreen',
    title: 'Copy the picture of the screen',
    codes: ['PrintScreen'],
  },
];

/** A shortcut that may never reach the guest from the visitor's own keyboard. */
export interface ReservedShortcut {
  keys: string;
  /** What the visitor's system or browser does with it. */
  does: string;
  /** Whether Keyboard Lock in full screen gives it to the guest. */
  withKeyboardLock: boolean;
}

const SYSTEM: Readonly<Record<Platform, readonly ReservedShortcut[]>> = {
  windows: [
    { keys: 'Ctrl+Alt+Del', does: 'opens the security screen of your own computer', withKeyboardLock: false },
    { keys: 'Windows+L', does: 'locks your own computer', withKeyboardLock: false },
    { keys: 'Windows key', does: 'opens your own Start menu', withKeyboardLock: true },
    { keys: 'Alt+Tab', does: 'switches to another window of your own', withKeyboardLock: true },
    { keys: 'Alt+F4', does: 'closes the browser', withKeyboardLock: true },
  ],
  mac: [
    { keys: 'Command+Tab', does: 'switches to another window of your own', withKeyboardLock: true },
    { keys: 'Command+Q', does: 'closes the browser', withKeyboardLock: true },
    { keys: 'Command+Space', does: 'opens Spotlight', withKeyboardLock: false },
  ],
  other: [
    { keys: 'Ctrl+Alt+F1 to F12', does: 'switches to a text console of your own', withKeyboardLock: false },
    { keys: 'Super key', does: 'opens the overview of your own desktop', withKeyboardLock: true },
    { keys: 'Alt+Tab', does: 'switches to another window of your own', withKeyboardLock: true },
    { keys: 'Alt+F4', does: 'closes the browser', withKeyboardLock: true },
  ],
};

/** The shortcuts that stay with the visitor's own system and browser, for a help page. */
export function reservedShortcuts(platform: Platform): readonly ReservedShortcut[] {
  const command = platform === 'mac' ? 'Command' : 'Ctrl';
  return [
    ...SYSTEM[platform],
    { keys: `${command}+W`, does: 'closes the tab', withKeyboardLock: true },
    { keys: `${command}+T, ${command}+N`, does: 'opens a new tab or window', withKeyboardLock: true },
    { keys: 'Esc', does: 'frees the mouse, and leaves full screen', withKeyboardLock: true },
    { keys: 'Esc, held for two seconds', does: 'leaves full screen', withKeyboardLock: false },
  ];
}

/** What of a key event tells whether it is a shortcut. */
export interface ShortcutKeys {
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/**
 * Shortcuts that reach the page and are left to the browser all the same while Keyboard Lock is off: on a Mac those
 * that close, open, quit or switch windows, elsewhere the developer tools only. Everything else is the guest's: what
 * a browser insists on keeping (Ctrl+W in a tab) never reaches the page, and what does reach it (the same in a
 * kiosk window) is meant for the guest.
 */
export function belongsToBrowser(event: ShortcutKeys, platform: Platform): boolean {
  const { code, ctrlKey, shiftKey, altKey, metaKey } = event;
  if (platform === 'mac') {
    if (!metaKey || ctrlKey) return false;
    return altKey ? code === 'KeyI' : ['KeyQ', 'KeyW', 'KeyT', 'KeyN', 'Backquote'].includes(code);
  }
  return ctrlKey && shiftKey && !altKey && !metaKey && ['KeyI', 'KeyJ'].includes(code);
}
