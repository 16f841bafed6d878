#include "pci.h"

#define MAX 48

static struct pci_function found[MAX];
static u32 count;

static u32 read_config(u32 bus, u32 device, u32 function, u32 offset)
{
    out32(0xCF8, 0x80000000u | bus << 16 | device << 11 | function << 8 | (offset & 0xFC));
    return in32(0xCFC);
}

u32 pci_read(const struct pci_function *f, u8 offset)
{
    return read_config(f->bus, f->device, f->function, offset);
}

void pci_write(const struct pci_function *f, u8 offset, u32 value)
{
    read_config(f->bus, f->device, f->function, offset); // sets the address
    out32(0xCFC, value);
}

static void scan_bus(u32 bus)
{
    for (u32 device = 0; device < 32; device++) {
        u32 functions = 1;
        for (u32 function = 0; function < functions && count < MAX; function++) {
            u32 id = read_config(bus, device, function, 0);
            if ((id & 0xFFFF) == 0xFFFF || !(id & 0xFFFF)) continue;
            u32 header = read_config(bus, device, function, 0x0C) >> 16;
            if (!function && header & 0x80) functions = 8;
            found[count++] = (struct pci_function){
                .bus = (u8)bus, .device = (u8)device, .function = (u8)function,
                .vendor = (u16)id, .id = (u16)(id >> 16),
                .class_code = read_config(bus, device, function, 8) >> 8,
            };
            // A bridge to another bus; only ever to a higher number, so this ends.
            if ((header & 0x7F) == 1) {
                u32 beyond = read_config(bus, device, function, 0x18) >> 8 & 0xFF;
                if (beyond > bus) scan_bus(beyond);
            }
        }
    }
}

void scan_pci(void)
{
    count = 0;
    scan_bus(0);
}

u32 pci_count(void) { return count; }
const struct pci_function *pci_at(u32 index) { return &found[index]; }

const struct pci_function *pci_find_class(u16 wanted)
{
    for (u32 i = 0; i < count; i++)
        if (found[i].class_code >> 8 == wanted) return &found[i];
    return NULL;
}

u32 pci_count_class(u8 class)
{
    u32 n = 0;
    for (u32 i = 0; i < count; i++) n += found[i].class_code >> 16 == class;
    return n;
}

const char *pci_name(const struct pci_function *f)
{
    static const struct { u16 vendor, id; const char *name; } devices[] = {
        { 0x8086, 0x1237, "Intel 440FX host bridge" },
        { 0x8086, 0x7000, "Intel PIIX3 ISA bridge" },
        { 0x8086, 0x7010, "Intel PIIX3 IDE controller" },
        { 0x8086, 0x7110, "Intel PIIX4 ISA bridge" },
        { 0x8086, 0x7111, "Intel PIIX4 IDE controller" },
        { 0x8086, 0x7020, "Intel PIIX3 USB controller" },
        { 0x8086, 0x7113, "Intel PIIX4 power management" },
        { 0x8086, 0x100E, "Intel 82540EM network adapter" },
        { 0x8086, 0x2415, "Intel AC'97 audio" },
        { 0x8086, 0x2668, "Intel HD audio" },
        { 0x8086, 0x29C0, "Intel Q35 host bridge" },
        { 0x8086, 0x2918, "Intel ICH9 ISA bridge" },
        { 0x8086, 0x2922, "Intel ICH9 SATA controller" },
        { 0x8086, 0x2930, "Intel ICH9 SMBus" },
        { 0x1234, 0x1111, "Bochs VBE display adapter" },
        { 0x1013, 0x00B8, "Cirrus Logic GD5446 display" },
        { 0x10EC, 0x8029, "Realtek RTL8029 network adapter" },
        { 0x1AF4, 0x1000, "Virtio network adapter" },
        { 0x1AF4, 0x1001, "Virtio disk" },
        { 0x1AF4, 0x1009, "Virtio shared folder (9p)" },
        { 0x1AF4, 0x1041, "Virtio network adapter" },
        { 0x1AF4, 0x1043, "Virtio console" },
        { 0x1AF4, 0x1045, "Virtio memory balloon" },
        { 0x1AF4, 0x1049, "Virtio shared folder (9p)" },
        { 0x15AD, 0x0405, "VMware SVGA II display" },
        { 0x80EE, 0xBEEF, "VirtualBox display adapter" },
    };
    static const struct { u16 class; const char *name; } classes[] = {
        { 0x0100, "SCSI controller" }, { 0x0101, "IDE controller" }, { 0x0106, "SATA controller" },
        { 0x0108, "NVM Express drive" }, { 0x0200, "Ethernet adapter" }, { 0x0280, "Network adapter" },
        { 0x0300, "VGA display adapter" }, { 0x0401, "Audio device" }, { 0x0403, "HD audio device" },
        { 0x0600, "Host bridge" }, { 0x0601, "ISA bridge" }, { 0x0604, "PCI bridge" },
        { 0x0680, "Bridge" }, { 0x0C03, "USB controller" }, { 0x0C05, "SMBus controller" },
    };
    for (u32 i = 0; i < COUNT_OF(devices); i++)
        if (devices[i].vendor == f->vendor && devices[i].id == f->id) return devices[i].name;
    for (u32 i = 0; i < COUNT_OF(classes); i++)
        if (classes[i].class == f->class_code >> 8) return classes[i].name;
    return "Unnamed device";
}
