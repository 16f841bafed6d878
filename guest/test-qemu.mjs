/**
 * Boots house.iso in QEMU, headless, and speaks to it over its serial line: `node guest/test-qemu.mjs`.
 * A second opinion on the disc: what holds here and not under v86 is the emulator's doing, not the guest's.
 * Prints a line that begins with `skipped:` and succeeds where QEMU is not installed.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const QEMU = 'qemu-system-i386';
const ISO = fileURLToPath(new URL('house.iso', import.meta.url));
const PATIENCE_MS = 60_000;

const work = mkdtempSync(join(tmpdir(), 'house-disc-'));
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
after(() => {
  for (const child of running) child.kill('SIGKILL'); // those a failed test left behind
  rmSync(work, { recursive: true, force: true });
});
let made = 0;
const fresh = (/** @type {string} */ suffix) => join(work, `${++made}${suffix}`);

/** A running guest: its lines as they come, commands with their one answer, and QEMU's monitor. */
class Guest {
  /** @type {string[]} */
  lines = [];
  /** @type {(() => void)[]} */
  #waiting = [];
  #rest = '';
  #read = 0;

  /** @param {string[]} options */
  constructor(options = [], { memoryMiB = 64, disc = true } = {}) {
    this.monitorPath = fresh('.monitor');
    const args = [
      '-M',
      'pc',
      '-m',
      String(memoryMiB),
      '-display',
      'none',
      '-nic',
      'none',
      '-serial',
      'stdio',
    ];
    args.push('-monitor', `unix:${this.monitorPath},server,nowait`, '-boot', 'd');
    if (disc) args.push('-drive', `id=cd,media=cdrom,if=ide,index=2,file=${ISO},format=raw,readonly=on`);
    this.process = spawn(QEMU, [...args, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this.process);
    this.exited = new Promise((resolve) =>
      this.process.on('exit', (code) => {
        running.delete(this.process);
        resolve(code);
      }),
    );
    this.process.stdout.on('data', (data) => {
      this.#rest += data.toString('latin1');
      const parts = this.#rest.split('\n');
      this.#rest = parts.pop() ?? '';
      this.lines.push(...parts.map((line) => line.replace(/\r$/, '')));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.stderr = '';
    this.process.stderr.on('data', (data) => (this.stderr += data));
  }

  /** The next line that matches; lines are read once, in order. */
  async line(/** @type {RegExp} */ pattern) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      while (this.#read < this.lines.length) {
        const line = this.lines[this.#read++];
        if (pattern.test(line)) return line;
      }
      const left = end - Date.now();
      const last = this.lines.slice(-5).join('\n');
      assert.ok(left > 0, `no line like ${pattern}; the last were:\n${last}\n${this.stderr}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve(undefined);
        });
      });
    }
  }

  ready() {
    return this.line(/^HOUSE READY$/);
  }

  send(/** @type {string} */ text) {
    this.process.stdin.write(text);
  }

  /** Sends a command and returns its OK or ERR line. */
  run(/** @type {string} */ command) {
    this.send(`${command}\n`);
    return this.line(/^(OK|ERR) /);
  }

  async ok(/** @type {string} */ command, /** @type {RegExp} */ pattern = /^OK /) {
    const answer = await this.run(command);
    assert.match(answer, /^OK /, command);
    assert.match(answer, pattern, command);
    return answer;
  }

  async err(/** @type {string} */ command, /** @type {RegExp} */ pattern = /^ERR /) {
    const answer = await this.run(command);
    assert.match(answer, /^ERR /, command);
    assert.match(answer, pattern, command);
  }

  /** A command of QEMU's own monitor. */
  async monitor(/** @type {string} */ command) {
    const socket = connect(this.monitorPath);
    socket.on('data', () => {});
    await new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject));
    await new Promise((resolve) => socket.write(`${command}\n`, resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

/** A sparse file of zeros. */
function blankDisk(mib = 32) {
  const path = fresh('.img');
  writeFileSync(path, '');
  truncateSync(path, mib * 1024 * 1024);
  return path;
}
const diskOption = (/** @type {string} */ path) => ['-drive', `file=${path},format=raw,if=ide,index=0`];

/** CRC-32, bit by bit: the disc is small. */
function crc32(/** @type {Uint8Array} */ bytes) {
  let c = ~0;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (~c >>> 0).toString(16).padStart(8, '0');
}

if (spawnSync(QEMU, ['--version']).error) {
  console.log(`skipped: ${QEMU} is not installed`);
} else {
  test('tells what it found, before it is ready', async () => {
    const guest = new Guest();
    await guest.ready();
    const facts = guest.lines.join('\n');
    for (const fact of [
      /^CPU GenuineIntel /m,
      /^MEM 64 MiB /m,
      /^E820 0000000000100000 /m,
      /^PCI 8086:7010 010180 /m,
      /^NET 0$/m,
      /^ACPI present$/m,
      /^DISK none$/m,
      /^DISC VITRINE_HOUSE$/m,
      /^VISITS 0 no disk to remember on$/m,
      /^MODE 1024 768 32$/m,
    ])
      assert.match(facts, fact);
    await guest.ok('facts');
    await guest.stop();
  });

  test('runs in 32 MiB and counts what it computes', async () => {
    const guest = new Guest([], { memoryMiB: 32 });
    await guest.ready();
    await guest.ok('fill 16 7');
    await guest.ok('check 16 7');
    await guest.err('check 16 8', /^ERR at [0-9a-f]{8}: /);
    await guest.ok('spin 1000000', /per second, checksum [0-9a-f]{8}/);
    const iso = readFileSync(ISO);
    await guest.ok('cdsum', new RegExp(`^OK ${iso.length} bytes crc32 ${crc32(iso)} `));
    await guest.ok('dma disc off');
    await guest.ok('cdsum', new RegExp(`crc32 ${crc32(iso)} `));
    await guest.ok('cdsum 16 1', new RegExp(`^OK 2048 bytes crc32 ${crc32(iso.subarray(32768, 34816))} `));
    await guest.ok('irqstat');
    await guest.ok('counter start');
    await guest.line(/^COUNT \d+$/);
    await guest.ok('counter stop', /stopped$/);
    await guest.stop();
  });

  test('answers bad input with ERR and goes on', async () => {
    const guest = new Guest(diskOption(blankDisk()));
    await guest.ready();
    for (const bad of [
      'nonsense',
      'write',
      'write 1 2',
      'write 1 2 3 4',
      'write x 2 3',
      'write -1 2 3',
      'write 99999999999 1 1',
      'write 0 0 1',
      'write 65535 2 1',
      'write 4294967295 4294967295 1',
      'verify 0x10000 1 1',
      'scatter 0 1',
      'scatter 1 1 0',
      'fill 0 1',
      'fill 4000 1',
      'spin 0',
      'ticks 100 1',
      'ticks 1024 0',
      'card',
      'card 1024x768',
      'card 1x2x3',
      'card 99999999x1x1',
      'cdsum 99999999',
      'cdsum 0 99999999',
      'dma disk maybe',
      'tone 1',
      'tone 440 99999',
      'sb16 440 100',
      'setrtc 2009-02-29 00:00:00',
      'setrtc 2009-10-22 24:00:00',
      'setrtc yesterday noon',
      'counter',
      'reboot softly',
      'acpi everything',
      'a b c d e f g h i j k',
      'x'.repeat(500),
      'caf\u00e9',
    ])
      await guest.err(bad);
    guest.send('\n\r\n   \n'); // empty lines ask nothing
    await guest.ok('help', /^OK \d+ commands$/);
    guest.send('rtc\nrtc\r\nrtc\n'); // ahead of the answers
    for (let i = 0; i < 3; i++) await guest.line(/^OK \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    await guest.stop();
  });

  test('writes, verifies and scatters, by DMA and by PIO', async () => {
    const disk = blankDisk();
    const guest = new Guest(diskOption(disk));
    await guest.ready();
    for (const way of ['on', 'off']) {
      await guest.ok(`dma disk ${way}`);
      await guest.ok('write 256 1000 42');
      await guest.ok('verify 256 1000 42');
      await guest.err('verify 256 1000 43', /^ERR LBA 256 differs at byte 4; .* seed 42/);
      await guest.ok('scatter 300 9 100');
      await guest.ok('scatterverify 300 9');
      await guest.ok('scatterprefix 300 9', /^OK prefix 300 of 300$/);
      await guest.ok('scatterprefix 300 10', /^OK prefix 0 of 300$/);
    }
    await guest.ok('dma disk on');
    await guest.err('verify 65535 1 1', /^ERR LBA 65535 differs/); // the last sector can be read, and is blank
    await guest.ok('flush');
    await guest.ok('write 512 1 5');
    await guest.ok('flush');
    await guest.stop();
    const sector = readFileSync(disk).subarray(512 * 512, 513 * 512);
    assert.deepEqual([sector.readUInt32LE(0), sector.readUInt32LE(4), sector.readUInt32LE(8)], [512, 5, 0]);
  });

  test('counts visits on a blank disk, through a reboot too', async () => {
    const disk = blankDisk();
    let guest = new Guest(diskOption(disk));
    await guest.ready();
    assert.ok(guest.lines.includes('VISITS 1 counted'));
    await guest.ok('reboot');
    await guest.line(/^VISITS 2 counted$/);
    await guest.ready();
    await guest.ok('reboot cf9');
    await guest.line(/^VISITS 3 counted$/);
    await guest.ready();
    await guest.stop();
    guest = new Guest(diskOption(disk));
    await guest.line(/^VISITS 4 counted$/);
    await guest.stop();
  });

  for (const [what, offset, bytes] of /** @type {[string, number, number[]][]} */ ([
    ['a boot sector', 510, [0x55, 0xaa]],
    ['a partition table', 446, [0x80]],
    ['a GPT header', 512, [...Buffer.from('EFI PART')]],
    ['an ext superblock', 1024 + 56, [0x53, 0xef]],
    ['a Btrfs superblock', 65536 + 64, [...Buffer.from('_BHRfS_M')]],
    ['a partition without a table', 1024 * 1024 + 3, [1]],
    ['a backup GPT', 32 * 1024 * 1024 - 512, [...Buffer.from('EFI PART')]],
  ])) {
    test(`never writes to a disk with ${what}`, async () => {
      const disk = blankDisk();
      const before = readFileSync(disk);
      before.set(bytes, offset);
      writeFileSync(disk, before);
      const guest = new Guest(diskOption(disk));
      await guest.ready();
      assert.ok(guest.lines.includes('VISITS 0 the disk holds other data and was left alone'));
      await guest.stop();
      assert.ok(readFileSync(disk).equals(before));
    });
  }

  test('a disk that fails is an answer, not a hang', async () => {
    const disk = blankDisk();
    const config = fresh('.conf');
    const errors = [];
    for (const [event, sector] of [
      ['read_aio', 5000],
      ['write_aio', 6000],
    ])
      errors.push(`[inject-error]\nevent = "${event}"\nerrno = "5"\nsector = "${sector}"\nonce = "off"\n`);
    writeFileSync(config, errors.join('\n'));
    const guest = new Guest([
      '-drive',
      `file=blkdebug:${config}:${disk},format=raw,if=none,id=bad,rerror=report,werror=report`,
      '-device',
      'ide-hd,drive=bad,bus=ide.0',
    ]);
    await guest.ready();
    for (const way of ['on', 'off']) {
      await guest.ok(`dma disk ${way}`);
      await guest.err('verify 4990 20 1', /^ERR at LBA 4990: .*status [0-9a-f]{2} /);
      await guest.err('write 5990 20 1', /^ERR at LBA 5990: .*status [0-9a-f]{2} /);
      await guest.ok('write 300 20 1');
      await guest.ok('verify 300 20 1');
    }
    await guest.stop();
  });

  test('notices the disc being taken out and put back', async () => {
    const guest = new Guest();
    await guest.ready();
    await guest.monitor('eject -f cd');
    await guest.line(/^DISC none$/);
    await guest.err('cdsum', /^ERR no disc$/);
    await guest.err('disc', /^ERR no disc$/);
    await guest.monitor(`change cd ${ISO}`);
    await guest.line(/^DISC VITRINE_HOUSE$/);
    await guest.ok('cdsum');
    await guest.stop();
  });

  test('sees keys and the mouse', async () => {
    const guest = new Guest();
    await guest.ready();
    /** @type {[string, string][]} */
    const keys = [
      ['a', '1e'],
      ['f12', '58'],
      ['up', 'e048'],
      ['kp_enter', 'e01c'],
      ['print', 'e037'],
      ['pause', 'e11d45'],
      ['ctrl_r', 'e01d'],
      ['compose', 'e05d'],
    ];
    for (const [name, code] of keys) {
      await guest.monitor(`sendkey ${name}`);
      await guest.line(new RegExp(`^KEY ${code} down$`));
      await guest.line(new RegExp(`^KEY ${code} up$`));
    }
    await guest.stop();
    const relative = new Guest(['-M', 'pc,vmport=off']);
    await relative.ready();
    await relative.monitor('mouse_move 5 3');
    await relative.line(/^MOUSE 5 -3 0 0$/);
    await relative.monitor('mouse_button 1');
    await relative.line(/^MOUSE 0 0 1 0$/);
    await relative.monitor('mouse_button 0');
    await relative.line(/^MOUSE 0 0 0 0$/);
    await relative.stop();
  });

  test('draws the card in every depth and comes home', async () => {
    const guest = new Guest();
    await guest.ready();
    const modes = [
      '1024x768x32',
      '1024x768x24',
      '800x600x16',
      '640x480x15',
      '640x480x8',
      '320x200x8',
      '640x480x4',
      'text',
    ];
    for (const mode of modes) await guest.ok(`card ${mode}`, /fnv1a [0-9a-f]{8}$/);
    await guest.ok('modes');
    await guest.ok('home', /^OK home 1024x768x32$/);
    await guest.ok('tone 440 50');
    await guest.stop();
  });

  test('keeps time by every clock, and the SCI is quiet', async () => {
    const guest = new Guest(['-rtc', 'base=2009-10-22T12:00:00']);
    await guest.ready();
    await guest.ok('rtc', /^OK 2009-10-22 12:0\d:\d\d$/);
    await guest.ok('setrtc 2012-02-29 23:59:58', /reads 2012-02-29 23:59:5\d$/);
    await guest.ok('ticks 1024 1', /^OK hz 1024 seconds 1 irq8 \d+ /);
    await guest.ok('acpi');
    assert.ok(guest.lines.includes('ACPI SCI 0 interrupts in 250 ms quiet'));
    await guest.ok('acpi timer', /once; TMR_STS kept by 0, cleared by 1$/);
    await guest.stop();
  });

  test('ends in each of its ways', async () => {
    const off = new Guest();
    await off.ready();
    await off.ok('poweroff', /^OK powering off: SLP_TYP \d to port 0604$/);
    assert.equal(await off.exited, 0);

    const fault = new Guest(['-no-reboot']);
    await fault.ready();
    await fault.ok('triplefault');
    assert.equal(await fault.exited, 0);

    for (const command of ['halt', 'hang']) {
      const still = new Guest();
      await still.ready();
      await still.ok(command);
      still.send('rtc\n');
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.doesNotMatch(still.lines.at(-1) ?? '', /^OK \d{4}/);
      await still.stop();
    }
  });
}
