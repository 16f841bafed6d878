// What is on the PCI bus, by configuration mechanism 1.
#pragma once
#include "base.h"

struct pci_function {
    u8 bus, device, function;
    u16 vendor, id;
    /** class << 16 | subclass << 8 | programming interface */
    u32 class_code;
};

void scan_pci(void);
u32 pci_count(void);
const struct pci_function *pci_at(u32 index);
/** The first function of this class and subclass, or NULL. */
const struct pci_function *pci_find_class(u16 class_and_subclass);
/** How many functions have this class (02 is the network). */
u32 pci_count_class(u8 class);
u32 pci_read(const struct pci_function *f, u8 offset);
void pci_write(const struct pci_function *f, u8 offset, u32 value);
/** A name for people: the device's, or its class's. */
const char *pci_name(const struct pci_function *f);
