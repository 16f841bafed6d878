#include "disc.h"

#define TEST_UNIT_READY 0x00
#define REQUEST_SENSE 0x03
#define INQUIRY 0x12
#define READ_CAPACITY 0x25
#define READ_10 0x28

static u32 sectors;
static char label[33], drive_name[30];
static bool was_present;

/** Sends one packet command; up to `bytes` come back in io_buffer, by DMA if asked. */
static fault packet(const u8 command[12], u32 bytes, bool dma)
{
    const struct drive *d = the_cd();
    if (d->kind == DRIVE_NONE) return "no CD drive";
    fault f = ide_begin(d, 0);
    if (f) return f;
    ide_write(d, 1, dma ? 1 : 0);
    ide_write(d, 4, (u8)bytes);
    ide_write(d, 5, (u8)(bytes >> 8));
    ide_write(d, 7, 0xA0);
    f = ide_wait(d, true);
    if (f) return f;
    if (!(ide_status(d) & STATUS_DRQ)) return ide_error(d, "packet");
    ide_read(d, 7);
    if (dma) dma_prepare(d, bytes, true);
    ide_write_words(d, command, 6);
    if (dma) {
        dma_start(d, true);
        return dma_finish(d);
    }
    for (u32 done = 0;;) {
        f = ide_wait(d, false);
        if (f) return f;
        u8 status = ide_status(d);
        if (status & STATUS_ERROR) return ide_error(d, "packet");
        if (!(status & STATUS_DRQ)) {
            ide_read(d, 7);
            return NULL;
        }
        u32 offered = ide_read(d, 4) | (u32)ide_read(d, 5) << 8;
        ide_read(d, 7);
        // Some drives leave the byte count as it was asked for, so it is only an upper bound.
        u32 take = min_u32(offered ? offered : bytes, bytes - done);
        if (!take) return "the drive sends more than was asked for";
        ide_read_words(d, io_buffer + done, (take + 1) / 2);
        done += take;
    }
}

static u32 sense(void)
{
    static const u8 ask[12] = { REQUEST_SENSE, 0, 0, 0, 18 };
    memset(io_buffer, 0, 18);
    if (packet(ask, 18, false)) return 0;
    return (u32)(io_buffer[2] & 15) << 16 | (u32)io_buffer[12] << 8 | io_buffer[13];
}

fault disc_read(u32 lba, u32 count)
{
    const u8 command[12] = { READ_10, 0, (u8)(lba >> 24), (u8)(lba >> 16), (u8)(lba >> 8), (u8)lba, 0,
                             (u8)(count >> 8), (u8)count };
    // Asking beyond the end hangs at least one emulated drive; it is refused here.
    if (the_cd()->kind == DRIVE_NONE) return "no CD drive";
    if (!sectors) return "no disc";
    if (lba + count > sectors || lba + count < lba) return make_fault("beyond the disc, which has %u sectors", sectors);
    fault f = packet(command, count * 2048, the_cd()->use_dma);
    if (!f) return NULL;
    char text[120];
    format_text(text, sizeof text, "%s", f);
    u32 s = sense();
    return make_fault("%s sense %06x", text, s);
}

static void look_at_disc(void)
{
    static const u8 ask[12] = { READ_CAPACITY };
    sectors = 0;
    label[0] = 0;
    memset(io_buffer, 0, 8);
    if (packet(ask, 8, false)) return;
    const u8 *b = io_buffer;
    sectors = ((u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3]) + 1;
    if (sectors > 16 && !disc_read(16, 1) && io_buffer[0] == 1 && !memcmp(io_buffer + 1, "CD001", 5))
        copy_trimmed(label, io_buffer + 40, 32);
}

bool disc_present(bool *changed)
{
    static const u8 ask[12] = { TEST_UNIT_READY }, size[12] = { READ_CAPACITY };
    *changed = false;
    if (the_cd()->kind == DRIVE_NONE) return false;
    bool attention = false, ready = false;
    for (u32 tries = 0; tries < 3 && !ready; tries++) {
        ready = !packet(ask, 0, false);
        if (ready) break;
        u32 s = sense();
        if (s >> 16 == 6) attention = true; // unit attention: the medium may have changed; ask again
        else if (s >> 8 == 0x0204) continue; // becoming ready
        else break;
    }
    // Not every drive reports a quick swap, so the size is compared too.
    if (ready && was_present && !attention && !packet(size, 8, false)) {
        const u8 *b = io_buffer;
        attention = ((u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3]) + 1 != sectors;
    }
    if (ready != was_present || attention) {
        u32 old_sectors = sectors;
        char old_label[33];
        memcpy(old_label, label, 33);
        sectors = 0, label[0] = 0;
        if (ready) look_at_disc();
        *changed = ready != was_present || sectors != old_sectors || !same_text(label, old_label);
        was_present = ready;
    }
    return ready;
}

u32 disc_sectors(void) { return sectors; }
const char *disc_label(void) { return label; }

const char *disc_drive_name(void)
{
    static const u8 ask[12] = { INQUIRY, 0, 0, 0, 36 };
    if (drive_name[0]) return drive_name;
    memset(io_buffer, 0, 36);
    if (packet(ask, 36, false)) return "";
    char vendor[9], product[17];
    copy_trimmed(vendor, io_buffer + 8, 8);
    copy_trimmed(product, io_buffer + 16, 16);
    format_text(drive_name, sizeof drive_name, "%s %s", vendor, product);
    return drive_name;
}
