import { t } from '../../lib/language.ts';
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
    get label() {
      return t`Ctrl+Alt+Del`;
    },
    get title() {
      return t`Log on, lock, or open the Task Manager`;
    },
    codes: ['ControlLeft', 'AltLeft', 'Delete'],
  },
  {
    id: 'windows',
    get label() {
      return t`Windows key`;
    },
    get title() {
      return t`Open the Start menu`;
    },
    codes: ['MetaLeft'],
  },
  {
    id: 'alt-tab',
    label: 'Alt+Tab',
    get title() {
      return t`Go to the previous window`;
    },
    codes: ['AltLeft', 'Tab'],
  },
  {
    id: 'alt-f4',
    label: 'Alt+F4',
    get title() {
      return t`Close the window in front`;
    },
    codes: ['AltLeft', 'F4'],
  },
  {
    id: 'escape',
    label: 'Esc',
    get title() {
      return t`Press Escape`;
    },
    codes: ['Escape'],
  },
  {
    id: 'print-screen',
    get label() {
      return t`PrintScreen`;
    },
    get title() {
      return t`Copy the picture of the screen`;
    },
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
    {
      get keys() {
        return t`Ctrl+Alt+Del`;
      },
      get does() {
        return t`opens the security screen of your own computer`;
      },
      withKeyboardLock: false,
    },
    {
      get keys() {
        return t`Windows+L`;
      },
      get does() {
        return t`locks your own computer`;
      },
      withKeyboardLock: false,
    },
    {
      get keys() {
        return t`Windows key`;
      },
      get does() {
        return t`opens your own Start menu`;
      },
      withKeyboardLock: true,
    },
    {
      keys: 'Alt+Tab',
      get does() {
        return t`switches to another window of your own`;
      },
      withKeyboardLock: true,
    },
    {
      keys: 'Alt+F4',
      get does() {
        return t`closes the browser`;
      },
      withKeyboardLock: true,
    },
  ],
  mac: [
    {
      get keys() {
        return t`Command+Tab`;
      },
      get does() {
        return t`switches to another window of your own`;
      },
      withKeyboardLock: true,
    },
    {
      get keys() {
        return t`Command+Q`;
      },
      get does() {
        return t`closes the browser`;
      },
      withKeyboardLock: true,
    },
    {
      get keys() {
        return t`Command+Space`;
      },
      get does() {
        return t`opens Spotlight`;
      },
      withKeyboardLock: false,
    },
  ],
  other: [
    {
      get keys() {
        return t`Ctrl+Alt+F1 to F12`;
      },
      get does() {
        return t`switches to a text console of your own`;
      },
      withKeyboardLock: false,
    },
    {
      get keys() {
        return t`Super key`;
      },
      get does() {
        return t`opens the overview of your own desktop`;
      },
      withKeyboardLock: true,
    },
    {
      keys: 'Alt+Tab',
      get does() {
        return t`switches to another window of your own`;
      },
      withKeyboardLock: true,
    },
    {
      keys: 'Alt+F4',
      get does() {
        return t`closes the browser`;
      },
      withKeyboardLock: true,
    },
  ],
};

/** The shortcuts that stay with the visitor's own system and browser, for a help page. */
export function reservedShortcuts(platform: Platform): readonly ReservedShortcut[] {
  const command = platform === 'mac' ? t`Command` : t`Ctrl`;
  return [
    ...SYSTEM[platform],
    { keys: `${command}+W`, does: t`closes the tab`, withKeyboardLock: true },
    { keys: `${command}+T, ${command}+N`, does: t`opens a new tab or window`, withKeyboardLock: true },
    { keys: 'Esc', does: t`frees the mouse, and leaves full screen`, withKeyboardLock: true },
    { keys: t`Esc, held for two seconds`, does: t`leaves full screen`, withKeyboardLock: false },
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
 * Shortcuts that reach the page and are left to the browser all the same while Keyboard Lock is off, except in a kiosk,
 * which leaves it none: on a Mac those
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
