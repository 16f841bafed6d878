// The hard disk: reading, writing and flushing 512-byte sectors, by DMA or by PIO.
#pragma once
#include "ide.h"

#define DISK_CHUNK (IO_BYTES / 512)

/** `count` sectors (at most DISK_CHUNK) to or from io_buffer. */
fault disk_read(u32 lba, u32 count);
fault disk_write(u32 lba, u32 count);
/** FLUSH CACHE; returns when the drive says that all it took is safe. */
fault disk_flush(void);
/** Why LBA .. LBA + count cannot be used, or NULL. */
fault disk_range(u32 lba, u32 count);
