#include "acpi.h"
#include "clock.h"

static struct acpi acpi;
static enum { UNKNOWN, ABSENT, PRESENT } state;

static u32 at32(u32 address) { return *(const volatile u32 *)address; }
static u16 at16(u32 address) { return *(const volatile u16 *)address; }
static u8 at8(u32 address) { return *(const volatile u8 *)address; }

static bool sums_to_zero(u32 address, u32 length)
{
    u8 sum = 0;
    for (u32 i = 0; i < length; i++) sum = (u8)(sum + at8(address + i));
    return !sum;
}

static u32 search_rsdp(u32 from, u32 to)
{
    for (u32 a = from & ~15u; a < to; a += 16)
        if (!memcmp((const void *)a, "RSD PTR ", 8) && sums_to_zero(a, 20)) return a;
    return 0;
}

u32 acpi_table(u32 index, char signature[5], u32 *length)
{
    u32 address = at32(acpi.rsdt + 36 + index * 4);
    memcpy(signature, (const void *)address, 4);
    signature[4] = 0;
    *length = at32(address + 4);
    return address;
}

/** An integer of AML at `p`: a byte, a word, a dword, Zero, One or Ones. */
static bool aml_integer(u32 *p, u32 *value)
{
    switch (at8(*p)) {
    case 0x00: *value = 0; *p += 1; return true;
    case 0x01: *value = 1; *p += 1; return true;
    case 0xFF: *value = 0xFFFFFFFF; *p += 1; return true;
    case 0x0A: *value = at8(*p + 1); *p += 2; return true;
    case 0x0B: *value = at16(*p + 1); *p += 3; return true;
    case 0x0C: *value = at32(*p + 1); *p += 5; return true;
    }
    return false;
}

// Name (\_S5, Package () { SLP_TYPa, SLP_TYPb, ... }): 08 [5C] "_S5_" 12 length count integers.
static void find_s5(u32 table)
{
    u32 length = at32(table + 4);
    for (u32 a = table + 36; a + 16 < table + length && !acpi.has_s5; a++) {
        if (memcmp((const void *)a, "_S5_", 4) || at8(a + 4) != 0x12) continue;
        bool named = at8(a - 1) == 0x08 || (at8(a - 2) == 0x08 && at8(a - 1) == '\\');
        if (!named) continue;
        u32 p = a + 5, type_a, type_b;
        p += 1 + (at8(p) >> 6); // the package's length: how many more bytes is in its top bits
        u8 count = at8(p++);
        if (count < 1 || !aml_integer(&p, &type_a)) return;
        if (count < 2 || !aml_integer(&p, &type_b)) type_b = type_a;
        acpi.sleep_type_a = type_a & 7;
        acpi.sleep_type_b = type_b & 7;
        acpi.has_s5 = true;
        return;
    }
}

static void read_fadt(u32 f)
{
    acpi.dsdt = at32(f + 40);
    acpi.sci_irq = at16(f + 46);
    acpi.smi_command = at32(f + 48);
    acpi.enable_value = at8(f + 52);
    acpi.disable_value = at8(f + 53);
    acpi.pm1a_event = at32(f + 56);
    acpi.pm1b_event = at32(f + 60);
    acpi.pm1a_control = at32(f + 64);
    acpi.pm1b_control = at32(f + 68);
    acpi.pm_timer = at32(f + 76);
    acpi.gpe0 = at32(f + 80);
    acpi.pm1_event_bytes = at8(f + 88);
    acpi.pm1_control_bytes = at8(f + 89);
    acpi.gpe0_bytes = at8(f + 92);
    acpi.flags = at32(f + 112);
    if (acpi.dsdt && !memcmp((const void *)acpi.dsdt, "DSDT", 4)) find_s5(acpi.dsdt);
}

const struct acpi *find_acpi(void)
{
    if (state != UNKNOWN) return state == PRESENT ? &acpi : NULL;
    state = ABSENT;
    u32 ebda = (u32)at16(0x40E) << 4;
    if (ebda >= 0x80000 && ebda < 0xA0000) acpi.rsdp = search_rsdp(ebda, ebda + 1024);
    if (!acpi.rsdp) acpi.rsdp = search_rsdp(0xE0000, 0x100000);
    if (!acpi.rsdp) return NULL;
    acpi.rsdt = at32(acpi.rsdp + 16);
    if (!acpi.rsdt || memcmp((const void *)acpi.rsdt, "RSDT", 4)) return NULL;
    u32 length = at32(acpi.rsdt + 4);
    if (length < 36 || length > 4096 || !sums_to_zero(acpi.rsdt, length)) return NULL;
    acpi.table_count = (length - 36) / 4;
    for (u32 i = 0; i < acpi.table_count; i++) {
        char signature[5];
        u32 bytes, address = acpi_table(i, signature, &bytes);
        if (same_text(signature, "FACP")) {
            acpi.fadt = address;
            read_fadt(address);
        }
        if (same_text(signature, "APIC")) acpi.madt = address;
        // SeaBIOS 1.12 keeps \_S5 in a secondary table.
        if (same_text(signature, "SSDT")) find_s5(address);
    }
    state = PRESENT;
    return &acpi;
}

u32 acpi_processors(void)
{
    if (!acpi.madt) return 0;
    u32 n = 0, end = acpi.madt + at32(acpi.madt + 4);
    for (u32 a = acpi.madt + 44; a + 2 <= end && at8(a + 1) >= 2; a += at8(a + 1))
        if (at8(a) == 0 && at32(a + 4) & 1) n++;
    return n;
}

bool acpi_has_timer(void) { return find_acpi() && acpi.pm_timer; }
u32 acpi_timer(void) { return in32((u16)acpi.pm_timer) & 0xFFFFFF; }

void acpi_take_over(void)
{
    // SCI_EN: the chipset listens to us, not to the BIOS. Some machines must be told so.
    if (in16((u16)acpi.pm1a_control) & 1 || !acpi.smi_command || !acpi.enable_value) return;
    out8((u16)acpi.smi_command, acpi.enable_value);
    u32 start = ticks();
    while (!(in16((u16)acpi.pm1a_control) & 1) && ticks() - start < TICKS_PER_SECOND) sleep_for_interrupt();
}

const char *acpi_power_off(void)
{
    if (!find_acpi()) return "this machine has no ACPI tables";
    if (!acpi.pm1a_control) return "the FADT names no PM1a control block";
    if (!acpi.has_s5) return "neither DSDT nor SSDT has \\_S5";
    acpi_take_over();
    u16 keep = in16((u16)acpi.pm1a_control) & (u16)~(7u << 10 | 1u << 13);
    out16((u16)acpi.pm1a_control, (u16)(keep | acpi.sleep_type_a << 10));
    out16((u16)acpi.pm1a_control, (u16)(keep | acpi.sleep_type_a << 10 | 1 << 13));
    if (acpi.pm1b_control) out16((u16)acpi.pm1b_control, (u16)(keep | acpi.sleep_type_b << 10 | 1 << 13));
    u32 start = ticks();
    while (ticks() - start < TICKS_PER_SECOND) sleep_for_interrupt();
    return "SLP_EN was written and the machine is still on";
}
