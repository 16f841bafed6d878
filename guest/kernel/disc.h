// The CD drive and the disc in it.
#pragma once
#include "ide.h"

#define DISC_CHUNK 16 // 2048-byte sectors a command: 32 KiB, which also fits a PIO byte count

/** Asks the drive whether a disc is in. Sets `changed` when it came, went or was swapped since the
    last question. */
bool disc_present(bool *changed);
/** 2048-byte sectors on the disc; 0 when there is none. */
u32 disc_sectors(void);
/** The ISO 9660 volume identifier; "" when there is none. */
const char *disc_label(void);
/** `count` sectors (at most DISC_CHUNK) to io_buffer. */
fault disc_read(u32 lba, u32 count);
/** Vendor and product of the drive. */
const char *disc_drive_name(void);
