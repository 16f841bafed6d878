// PCI configuration by mechanism 1: every register of every function, and how large each window is (PCI 2.1, 6.2.5.1).
#include "probe.h"

static u32 address(u32 device, u32 function, u32 offset)
{
    return 0x80000000u | device << 11 | function << 8 | (offset & 0xFC);
}

u32 pci_read32(u32 device, u32 function, u32 offset)
{
    out32(0xCF8, address(device, function, offset));
    return in32(0xCFC);
}

void pci_write32(u32 device, u32 function, u32 offset, u32 value)
{
    out32(0xCF8, address(device, function, offset));
    out32(0xCFC, value);
}

/** What a function is, whatever its place: `8086:7010`. */
static void name_of(char *to, u32 id, const char *what)
{
    format_text(to, 40, "%04x:%04x.%s", id & 0xFFFF, id >> 16, what);
}

static void probe_window(u32 device, u32 function, u32 id, u32 index)
{
    char name[40], what[16];
    u32 offset = index == 6 ? 0x30 : 0x10 + index * 4, command = pci_read32(device, function, 4) & 0xFFFF;
    u32 old = pci_read32(device, function, offset);
    pci_write32(device, function, 4, command & ~3u); // nobody decodes while the size is asked
    pci_write32(device, function, offset, index == 6 ? 0xFFFFFFFE : 0xFFFFFFFF);
    u32 size = pci_read32(device, function, offset);
    pci_write32(device, function, offset, old);
    pci_write32(device, function, 4, command);
    format_text(what, sizeof what, index == 6 ? "rom" : "bar%u", index);
    name_of(name, id, what);
    if (!old && !size) fact(name, "none");
    else fact(name, "at %08x mask %08x", old, size);
}

static void probe_function(u32 device, u32 function, u32 id)
{
    char name[40];
    name_of(name, id, "at");
    fact(name, "00:%02x.%u", device, function);
    static const struct { const char *name; u8 offset; } registers[] = {
        { "command-status", 0x04 }, { "class-revision", 0x08 }, { "header", 0x0C }, { "subsystem", 0x2C },
        { "capabilities", 0x34 }, { "interrupt", 0x3C },
    };
    for (u32 i = 0; i < COUNT_OF(registers); i++) {
        name_of(name, id, registers[i].name);
        fact(name, "%08x", pci_read32(device, function, registers[i].offset));
    }
    for (u32 i = 0; i < 7; i++) probe_window(device, function, id, i);
    for (u32 offset = 0x40; offset < 0x100; offset += 32) {
        char what[16];
        format_text(what, sizeof what, "own%02x", offset);
        name_of(name, id, what);
        begin_list();
        for (u32 i = 0; i < 32; i += 4) list("%08x ", pci_read32(device, function, offset + i));
        end_list(name);
    }
}

void probe_pci(void)
{
    begin_section("pci");
    u32 count = 0;
    for (u32 device = 0; device < 32; device++)
        for (u32 function = 0; function < 8; function++) {
            u32 id = pci_read32(device, function, 0);
            if ((id & 0xFFFF) == 0xFFFF || !(id & 0xFFFF)) {
                if (!function) break;
                continue;
            }
            probe_function(device, function, id);
            count++;
            if (!function && !(pci_read32(device, 0, 0x0C) & 0x800000)) break;
        }
    fact("functions", "%u", count);
    out32(0xCF8, 0x80000000);
    fact("bytes", "%02x %02x %02x %02x", in8(0xCFC), in8(0xCFD), in8(0xCFE), in8(0xCFF));
    fact("words", "%04x %04x", in16(0xCFC), in16(0xCFE));
    fact("address-kept", "%08x", in32(0xCF8));
    fact("absent", "%08x", pci_read32(31, 7, 0));
    pci_write32(31, 7, 4, 0xFFFFFFFF); // lost, and nothing happens
    out32(0xCF8, 0);
    fact("closed", "%08x", in32(0xCFC));
}
