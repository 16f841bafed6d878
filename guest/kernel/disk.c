#include "disk.h"

#define READ_SECTORS 0x20
#define READ_SECTORS_EXT 0x24
#define READ_DMA 0xC8
#define READ_DMA_EXT 0x25
#define WRITE_SECTORS 0x30
#define WRITE_SECTORS_EXT 0x34
#define WRITE_DMA 0xCA
#define WRITE_DMA_EXT 0x35
#define FLUSH 0xE7
#define FLUSH_EXT 0xEA

fault disk_range(u32 lba, u32 count)
{
    const struct drive *d = the_disk();
    if (d->kind == DRIVE_NONE) return "no disk";
    if (!count) return "a count of nothing";
    if ((u64)lba + count > d->sectors) return make_fault("beyond the disk, which has %U sectors", d->sectors);
    return NULL;
}

static fault begin(const struct drive *d, u32 lba, u32 count, bool extended)
{
    fault f = ide_begin(d, (u8)(0x40 | (extended ? 0 : lba >> 24 & 15)));
    if (f) return f;
    if (extended) {
        ide_write(d, 2, (u8)(count >> 8));
        ide_write(d, 3, (u8)(lba >> 24));
        ide_write(d, 4, 0);
        ide_write(d, 5, 0);
    }
    ide_write(d, 2, (u8)count);
    ide_write(d, 3, (u8)lba);
    ide_write(d, 4, (u8)(lba >> 8));
    ide_write(d, 5, (u8)(lba >> 16));
    return NULL;
}

static fault by_dma(const struct drive *d, u32 count, bool extended, bool reading)
{
    dma_prepare(d, count * 512, reading);
    ide_write(d, 7, reading ? (extended ? READ_DMA_EXT : READ_DMA) : (extended ? WRITE_DMA_EXT : WRITE_DMA));
    dma_start(d, reading);
    return dma_finish(d);
}

static fault by_pio(const struct drive *d, u32 count, bool extended, bool reading)
{
    ide_write(d, 7, reading ? (extended ? READ_SECTORS_EXT : READ_SECTORS)
                            : (extended ? WRITE_SECTORS_EXT : WRITE_SECTORS));
    for (u32 i = 0; i < count; i++) {
        fault f = ide_wait(d, true);
        if (f) return f;
        if (ide_status(d) & (STATUS_ERROR | STATUS_FAULT)) return ide_error(d, reading ? "read" : "write");
        if (reading) {
            ide_read(d, 7); // takes the interrupt back before the data makes the next one
            ide_read_words(d, io_buffer + i * 512, 256);
        } else {
            ide_write_words(d, io_buffer + i * 512, 256);
        }
    }
    fault f = ide_wait(d, false);
    if (f) return f;
    if (ide_status(d) & (STATUS_ERROR | STATUS_FAULT)) return ide_error(d, reading ? "read" : "write");
    ide_read(d, 7);
    return NULL;
}

static fault transfer(u32 lba, u32 count, bool reading)
{
    const struct drive *d = the_disk();
    fault f = disk_range(lba, count);
    if (f) return f;
    bool extended = d->lba48 && (lba + count > 0x0FFFFFFF || lba + count < lba);
    f = begin(d, lba, count, extended);
    if (f) return f;
    return d->use_dma ? by_dma(d, count, extended, reading) : by_pio(d, count, extended, reading);
}

fault disk_read(u32 lba, u32 count) { return transfer(lba, count, true); }
fault disk_write(u32 lba, u32 count) { return transfer(lba, count, false); }

fault disk_flush(void)
{
    const struct drive *d = the_disk();
    if (d->kind == DRIVE_NONE) return "no disk";
    fault f = ide_begin(d, 0);
    if (f) return f;
    ide_write(d, 7, d->lba48 ? FLUSH_EXT : FLUSH);
    f = ide_wait(d, false);
    if (f) return f;
    u8 status = ide_read(d, 7);
    if (status & (STATUS_ERROR | STATUS_FAULT)) return ide_error(d, "flush");
    return NULL;
}
