// The ACPI tables and the registers they point to.
#pragma once
#include "base.h"

struct acpi {
    /** RSDP, RSDT, FADT, DSDT, MADT; 0 where there is none. */
    u32 rsdp, rsdt, fadt, dsdt, madt;
    u32 table_count;
    u32 sci_irq, smi_command;
    u8 enable_value, disable_value;
    u32 pm1a_event, pm1b_event, pm1a_control, pm1b_control, pm_timer, gpe0;
    u8 pm1_event_bytes, pm1_control_bytes, gpe0_bytes;
    u32 flags;
    /** From the package \_S5_ in the DSDT or an SSDT. */
    bool has_s5;
    u8 sleep_type_a, sleep_type_b;
};

/** Looks once; NULL when this machine has no ACPI tables. */
const struct acpi *find_acpi(void);
/** Table `index` of the RSDT: its signature, address and length. */
u32 acpi_table(u32 index, char signature[5], u32 *length);
/** How many processors the MADT calls usable. */
u32 acpi_processors(void);
/** Reads PM_TMR: 3,579,545 counts a second, 24 bits of which are sure. */
u32 acpi_timer(void);
bool acpi_has_timer(void);
/** Sets SCI_EN where it is not set yet. */
void acpi_take_over(void);
/** Writes SLP_EN; returns only if the machine stayed on. */
const char *acpi_power_off(void);
