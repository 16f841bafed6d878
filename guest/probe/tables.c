// What the firmware says the machine is: ACPI, SMBIOS, the MP table, $PIR and PnP, each with its checksum.
#include "probe.h"

static bool sums_to_zero(u32 address, u32 bytes)
{
    u8 sum = 0;
    for (u32 i = 0; i < bytes; i++) sum = (u8)(sum + *(const volatile u8 *)(address + i));
    return !sum;
}

static u32 at32(u32 address) { return *(const volatile u32 *)address; }

static void table(u32 address)
{
    char signature[5] = { 0 }, name[24];
    memcpy(signature, (const void *)address, 4);
    u32 bytes = at32(address + 4);
    begin_section("acpi");
    bool facs = same_text(signature, "FACS");
    format_text(name, sizeof name, "%s", signature);
    fact(name, "revision %u, checksum %s", facs ? 0 : *(const volatile u8 *)(address + 8),
         facs ? "none" : sums_to_zero(address, bytes) ? "right" : "wrong");
    if (bytes > 32768) return fact("oversize", "%s %u", signature, bytes);
    begin_section("table");
    for (u32 done = 0; done < bytes; done += 1024) {
        format_text(name, sizeof name, "%s.%05x", signature, done);
        dump(name, (const void *)(address + done), min_u32(1024, bytes - done));
    }
}

static u32 find(u32 from, u32 to, const char *anchor, u32 bytes)
{
    for (u32 a = from; a < to; a += 16)
        if (!memcmp((const void *)a, anchor, bytes)) return a;
    return 0;
}

static void probe_acpi(void)
{
    u32 ebda = (u32) * (const volatile u16 *)0x40E << 4;
    u32 root = find(0xE0000, 0x100000, "RSD PTR ", 8);
    if (!root && ebda) root = find(ebda, ebda + 1024, "RSD PTR ", 8);
    begin_section("acpi");
    if (!root) return fact("root", "absent");
    fact("root", "revision %u, checksum %s", *(const volatile u8 *)(root + 15), sums_to_zero(root, 20) ? "right" : "wrong");
    u32 list_at = at32(root + 16), count = (at32(list_at + 4) - 36) / 4;
    begin_list();
    for (u32 i = 0; i < count && i < 32; i++) {
        char signature[5] = { 0 };
        memcpy(signature, (const void *)at32(list_at + 36 + i * 4), 4);
        list("%s ", signature);
    }
    end_list("tables");
    for (u32 i = 0; i < count && i < 32; i++) {
        u32 address = at32(list_at + 36 + i * 4);
        table(address);
        if (!memcmp((const void *)address, "FACP", 4)) {
            begin_section("fadt");
            const u8 *f = (const u8 *)address;
            fact("profile-sci", "%u %u", f[45], *(const u16 *)(f + 46));
            fact("smi", "%08x %02x %02x", at32(address + 48), f[52], f[53]);
            fact("pm-block-bytes", "%u %u %u %u", f[88], f[89], f[91], f[92]);
            fact("latencies", "%04x %04x", *(const u16 *)(f + 96), *(const u16 *)(f + 98));
            fact("century", "%02x", f[108]);
            fact("boot-flags", "%04x", *(const u16 *)(f + 109));
            fact("flags", "%08x", at32(address + 112));
            if (at32(address + 36)) table(at32(address + 36));
            if (at32(address + 40)) table(at32(address + 40));
        }
    }
}

static void probe_smbios(void)
{
    begin_section("smbios");
    u32 a = find(0xF0000, 0x100000, "_SM_", 4);
    if (!a) return fact("entry", "absent");
    const u8 *e = (const u8 *)a;
    fact("entry", "version %u.%u, checksum %s, inner %s", e[6], e[7], sums_to_zero(a, e[5]) ? "right" : "wrong",
         sums_to_zero(a + 16, 15) ? "right" : "wrong");
    u32 at = at32(a + 24), end = at + *(const u16 *)(e + 22), count = *(const u16 *)(e + 28);
    for (u32 i = 0; i < count && at + 4 <= end; i++) {
        char name[16];
        const u8 *s = (const u8 *)at;
        format_text(name, sizeof name, "type%u", s[0]);
        fact(name, "%u bytes", s[1]);
        at += s[1];
        while (at + 1 < end && (*(const u8 *)at || *(const u8 *)(at + 1))) at++;
        at += 2;
    }
}

static void probe_mp(void)
{
    begin_section("mp");
    u32 a = find(0xF0000, 0x100000, "_MP_", 4);
    if (!a) return fact("pointer", "absent");
    fact("pointer", "revision %u, checksum %s", *(const u8 *)(a + 9), sums_to_zero(a, 16) ? "right" : "wrong");
    u32 header = at32(a + 4);
    if (!header) return fact("table", "none");
    u32 bytes = *(const u16 *)(header + 4), count = *(const u16 *)(header + 34), at = header + 44;
    fact("table", "checksum %s, apic at %08x", sums_to_zero(header, bytes) ? "right" : "wrong", at32(header + 36));
    for (u32 i = 0; i < count; i++) {
        char name[24];
        u8 type = *(const u8 *)at;
        static const char *const names[] = { "processor", "bus", "ioapic", "interrupt", "local-interrupt" };
        if (type > 4) break;
        format_text(name, sizeof name, "%s%02u", names[type], i);
        dump(name, (const void *)at, type ? 8 : 20);
        at += type ? 8 : 20;
    }
}

void probe_tables(void)
{
    probe_acpi();
    probe_smbios();
    probe_mp();
    begin_section("pir");
    u32 count = 0;
    for (u32 a = 0xF0000; a < 0x100000; a += 16)
        if (!memcmp((const void *)a, "$PIR", 4)) {
            u32 bytes = *(const u16 *)(a + 6);
            if (bytes < 32 || bytes > 1024) continue;
            count++;
            fact("checksum", "%s", sums_to_zero(a, bytes) ? "right" : "wrong");
            dump("table", (const void *)a, bytes);
        }
    fact("tables", "%u", count);
    begin_section("anchor");
    fact("pnp", "%s", find(0xF0000, 0x100000, "$PnP", 4) ? "present" : "absent");
    fact("bios32", "%s", find(0xF0000, 0x100000, "_32_", 4) ? "present" : "absent");
    dump("date", (const void *)0xFFFF5, 8);
    dump("model", (const void *)0xFFFFE, 1);
}
