// The two IDE channels: registers, waiting, bus-master DMA. ata.c and atapi.c speak through it.
#pragma once
#include "base.h"

/** NULL when all went well, else a sentence that is good until the next one is made. */
typedef const char *fault;
fault make_fault(const char *format, ...);

enum drive_kind { DRIVE_NONE, DRIVE_ATA, DRIVE_ATAPI };
struct drive {
    enum drive_kind kind;
    u8 channel, unit;
    char model[41];
    /** 512-byte sectors; 0 for ATAPI. */
    u64 sectors;
    bool lba48, can_dma, use_dma;
    /** IDENTIFY says there is a write cache, so a FLUSH means something. */
    bool write_cache;
};

#define STATUS_BUSY 0x80
#define STATUS_READY 0x40
#define STATUS_FAULT 0x20
#define STATUS_DRQ 0x08
#define STATUS_ERROR 0x01

/** The largest transfer of one command, and the buffer everything goes through. One DMA region
    cannot cross 64 KiB, so the buffer is exactly that and aligned to it. */
#define IO_BYTES 65536
extern u8 io_buffer[IO_BYTES];

void start_ide(void);
/** The first hard disk and the first CD drive; kind is DRIVE_NONE where there is none. */
struct drive *the_disk(void);
struct drive *the_cd(void);
const struct drive *drive_at(u32 index);

void ide_select(const struct drive *d, u8 head);
void ide_write(const struct drive *d, u8 reg, u8 value);
u8 ide_read(const struct drive *d, u8 reg);
u8 ide_status(const struct drive *d);
void ide_read_words(const struct drive *d, void *to, u32 words);
void ide_write_words(const struct drive *d, const void *from, u32 words);
/** Waits until BSY is clear and, if `drq`, until DRQ or an error is set. */
fault ide_wait(const struct drive *d, bool drq);
/** Before a command: the drive is selected and not busy. */
fault ide_begin(const struct drive *d, u8 head);
fault ide_error(const struct drive *d, const char *what);
/** A soft reset of the channel, so that a drive that hung does not hang the next command. */
void ide_reset(u8 channel);

void dma_prepare(const struct drive *d, u32 bytes, bool to_memory);
void dma_start(const struct drive *d, bool to_memory);
fault dma_finish(const struct drive *d);
