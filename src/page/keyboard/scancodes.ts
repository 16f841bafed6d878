/**
 * `KeyboardEvent.code` to the bytes of scan code set 1, as a PS/2 keyboard controller with translation hands them
 * to the guest. Sources: UI Events KeyboardEvent code Values; Microsoft's "Keyboard Scan Code Specification" 1.3a
 * (its appendix C has the rows of set 1, Pause and PrintScreen among them).
 *
 * A value below 0x100 is one byte; a value from 0xE000 is the prefix E0 and one byte. Break is make with bit 7 set.
 */
const PLAIN_KEYS: Readonly<Record<string, number>> = {
  Escape: 0x01,
  Digit1: 0x02,
  Digit2: 0x03,
  Digit3: 0x04,
  Digit4: 0x05,
  Digit5: 0x06,
  Digit6: 0x07,
  Digit7: 0x08,
  Digit8: 0x09,
  Digit9: 0x0a,
  Digit0: 0x0b,
  Minus: 0x0c,
  Equal: 0x0d,
  Backspace: 0x0e,
  Tab: 0x0f,
  KeyQ: 0x10,
  KeyW: 0x11,
  KeyE: 0x12,
  KeyR: 0x13,
  KeyT: 0x14,
  KeyY: 0x15,
  KeyU: 0x16,
  KeyI: 0x17,
  KeyO: 0x18,
  KeyP: 0x19,
  BracketLeft: 0x1a,
  BracketRight: 0x1b,
  Enter: 0x1c,
  ControlLeft: 0x1d,
  KeyA: 0x1e,
  KeyS: 0x1f,
  KeyD: 0x20,
  KeyF: 0x21,
  KeyG: 0x22,
  KeyH: 0x23,
  KeyJ: 0x24,
  KeyK: 0x25,
  KeyL: 0x26,
  Semicolon: 0x27,
  Quote: 0x28,
  Backquote: 0x29,
  ShiftLeft: 0x2a,
  Backslash: 0x2b,
  KeyZ: 0x2c,
  KeyX: 0x2d,
  KeyC: 0x2e,
  KeyV: 0x2f,
  KeyB: 0x30,
  KeyN: 0x31,
  KeyM: 0x32,
  Comma: 0x33,
  Period: 0x34,
  Slash: 0x35,
  ShiftRight: 0x36,
  NumpadMultiply: 0x37,
  AltLeft: 0x38,
  Space: 0x39,
  CapsLock: 0x3a,
  F1: 0x3b,
  F2: 0x3c,
  F3: 0x3d,
  F4: 0x3e,
  F5: 0x3f,
  F6: 0x40,
  F7: 0x41,
  F8: 0x42,
  F9: 0x43,
  F10: 0x44,
  NumLock: 0x45,
  ScrollLock: 0x46,
  Numpad7: 0x47,
  Numpad8: 0x48,
  Numpad9: 0x49,
  NumpadSubtract: 0x4a,
  Numpad4: 0x4b,
  Numpad5: 0x4c,
  Numpad6: 0x4d,
  NumpadAdd: 0x4e,
  Numpad1: 0x4f,
  Numpad2: 0x50,
  Numpad3: 0x51,
  Numpad0: 0x52,
  NumpadDecimal: 0x53,
  IntlBackslash: 0x56,
  F11: 0x57,
  F12: 0x58,
  NumpadEqual: 0x59,
  F13: 0x64,
  F14: 0x65,
  F15: 0x66,
  F16: 0x67,
  F17: 0x68,
  F18: 0x69,
  F19: 0x6a,
  F20: 0x6b,
  F21: 0x6c,
  F22: 0x6d,
  F23: 0x6e,
  // Japanese (106/109 keys): katakana/hiragana, ろ, 変換, 無変換, ¥; Lang3 and Lang4 are the single keys of Apple's kind.
  KanaMode: 0x70,
  IntlRo: 0x73,
  F24: 0x76,
  Lang4: 0x77,
  Lang3: 0x78,
  Convert: 0x79,
  NonConvert: 0x7b,
  IntlYen: 0x7d,
  // The second thousands key of Brazilian keyboards (ABNT2).
  NumpadComma: 0x7e,

  NumpadEnter: 0xe01c,
  ControlRight: 0xe01d,
  NumpadDivide: 0xe035,
  AltRight: 0xe038,
  Home: 0xe047,
  ArrowUp: 0xe048,
  PageUp: 0xe049,
  ArrowLeft: 0xe04b,
  ArrowRight: 0xe04d,
  End: 0xe04f,
  ArrowDown: 0xe050,
  PageDown: 0xe051,
  Insert: 0xe052,
  Delete: 0xe053,
  MetaLeft: 0xe05b,
  MetaRight: 0xe05c,
  ContextMenu: 0xe05d,

  MediaTrackPrevious: 0xe010,
  MediaTrackNext: 0xe019,
  AudioVolumeMute: 0xe020,
  LaunchApp2: 0xe021,
  MediaPlayPause: 0xe022,
  MediaStop: 0xe024,
  AudioVolumeDown: 0xe02e,
  AudioVolumeUp: 0xe030,
  BrowserHome: 0xe032,
  Power: 0xe05e,
  Sleep: 0xe05f,
  WakeUp: 0xe063,
  BrowserSearch: 0xe065,
  BrowserFavorites: 0xe066,
  BrowserRefresh: 0xe067,
  BrowserStop: 0xe068,
  BrowserForward: 0xe069,
  BrowserBack: 0xe06a,
  LaunchApp1: 0xe06b,
  LaunchMail: 0xe06c,
  MediaSelect: 0xe06d,
};

/** Older names and spellings that browsers still use for the same keys. */
const ALIASES: Readonly<Record<string, string>> = {
  OSLeft: 'MetaLeft',
  OSRight: 'MetaRight',
  VolumeMute: 'AudioVolumeMute',
  VolumeDown: 'AudioVolumeDown',
  VolumeUp: 'AudioVolumeUp',
  LaunchMediaPlayer: 'MediaSelect',
  HangulMode: 'Lang1',
  Hanja: 'Lang2',
};

/** Korean keyboards send these two on press and nothing on release (both translate to themselves in set 1). */
const MAKE_ONLY_KEYS: Readonly<Record<string, number>> = { Lang1: 0xf2, Lang2: 0xf1 };

/** The modifier keys by the name of the pair, for what depends on either of them. */
export interface HeldModifiers {
  control: boolean;
  shift: boolean;
  alt: boolean;
}

/** The bytes a key sends when it goes down, and those it sends when it comes up (none for some keys). */
export interface Stroke {
  make: readonly number[];
  break: readonly number[];
}

const NO_MODIFIERS: HeldModifiers = { control: false, shift: false, alt: false };

/** The one name of a key that has several: 'OSLeft' is 'MetaLeft'. */
export function canonicalCode(code: string): string {
  return ALIASES[code] ?? code;
}

/**
 * What the key named `code` (a `KeyboardEvent.code`) sends while `held` modifiers are down, or null for a name
 * that no key of a PC has. Pause and PrintScreen depend on the modifiers, as they do in the hardware: Ctrl+Pause is
 * Break, Alt+PrintScreen is SysRq, and PrintScreen under Shift or Ctrl goes without its own shift bytes.
 */
export function strokeOf(code: string, held: HeldModifiers = NO_MODIFIERS): Stroke | null {
  const key = canonicalCode(code);
  if (key === 'Pause') {
    return held.control
      ? { make: [0xe0, 0x46, 0xe0, 0xc6], break: [] }
      : { make: [0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5], break: [] };
  }
  if (key === 'PrintScreen') {
    if (held.alt) return { make: [0x54], break: [0xd4] };
    if (held.control || held.shift) return { make: [0xe0, 0x37], break: [0xe0, 0xb7] };
    return { make: [0xe0, 0x2a, 0xe0, 0x37], break: [0xe0, 0xb7, 0xe0, 0xaa] };
  }
  const makeOnly = own(MAKE_ONLY_KEYS, key);
  if (makeOnly !== undefined) return { make: [makeOnly], break: [] };
  const value = own(PLAIN_KEYS, key);
  if (value === undefined) return null;
  return value < 0x100
    ? { make: [value], break: [value | 0x80] }
    : { make: [0xe0, value & 0xff], break: [0xe0, (value & 0xff) | 0x80] };
}

/** Every name that `strokeOf` knows, aliases left out. */
export function knownCodes(): string[] {
  return [...Object.keys(PLAIN_KEYS), ...Object.keys(MAKE_ONLY_KEYS), 'Pause', 'PrintScreen'];
}

/** Keeps names such as 'constructor' from finding what every object inherits. */
function own(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
