// What is true of this machine right now; the scene draws it, the serial line tells it.
#pragma once
#include "machine.h"
#include "visits.h"

struct house {
    struct processor processor;
    u32 network_adapters;
    enum visits_state visits_state;
    u32 visits;
    char visits_text[96];
    /** The command loop is listening. */
    bool ready;
    bool disc_in;
    /** The counter program: how far it is, and whether it runs. */
    volatile u32 counter;
    volatile bool counting;
};
extern struct house house;

/** Asks the drive; tells the serial line and the scene if the disc came, went or was changed. */
bool look_at_drive(void);
/** Prints the fact lines. */
void say_facts(void);
