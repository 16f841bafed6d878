// How often this machine was started, kept in one signed sector of the hard disk.
#pragma once
#include "ide.h"

enum visits_state {
    /** There is no hard disk. */
    VISITS_NO_DISK,
    /** Somebody else's data is on it; it was not touched. */
    VISITS_FOREIGN,
    /** Reading or writing failed. */
    VISITS_FAILED,
    VISITS_COUNTED,
};

/** Reads, adds one, writes and flushes. Called once, at start. */
enum visits_state count_visit(u32 *visits, fault *why);
