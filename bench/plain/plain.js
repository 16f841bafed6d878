import { V86 } from './libv86.mjs';

/**
 * The page that every v86 user starts with: upstream's defaults, its screen on the page, no setting of ours.
 * Only the network card is left out, as in our machine.
 */
window.startPlain = (disc, { memoryMiB, acpi }) => {
  const emulator = new V86({
    wasm_path: './v86.wasm',
    bios: { url: './seabios.bin' },
    vga_bios: { url: './vgabios.bin' },
    memory_size: memoryMiB * 1024 * 1024,
    acpi,
    cdrom: { buffer: disc },
    screen_container: document.getElementById('screen_container'),
    net_device: { type: 'none' },
    autostart: true,
  });
  emulator.add_listener('serial0-output-byte', (byte) => window.recorder.hear(String.fromCharCode(byte)));
  window.plainEmulator = emulator;
};
window.plainReady = true;
