// Lines in, answers out.
#include "commands.h"
#include "serial.h"

#define LINE 120
#define WORDS 8

const struct command commands[] = {
    { "help", 0, 0, "", command_help },
    { "facts", 0, 0, "", command_facts },
    { "write", 3, 3, "LBA COUNT SEED", command_write },
    { "verify", 3, 3, "LBA COUNT SEED", command_verify },
    { "scatter", 2, 3, "COUNT SEED [FLUSH-EVERY]", command_scatter },
    { "scatterverify", 2, 2, "COUNT SEED", command_scatterverify },
    { "scatterprefix", 2, 2, "COUNT SEED", command_scatterprefix },
    { "flush", 0, 0, "", command_flush },
    { "dma", 2, 2, "disk|disc on|off", command_dma },
    { "visits", 0, 0, "", command_visits },
    { "cdsum", 0, 2, "[FIRST [COUNT]]", command_cdsum },
    { "disc", 0, 0, "", command_disc },
    { "fill", 2, 2, "MIB SEED", command_fill },
    { "check", 2, 2, "MIB SEED", command_check },
    { "spin", 1, 1, "COUNT", command_spin },
    { "ticks", 2, 2, "HZ SECONDS", command_ticks },
    { "counter", 1, 1, "start|stop|get", command_counter },
    { "rtc", 0, 0, "", command_rtc },
    { "setrtc", 2, 2, "YYYY-MM-DD hh:mm:ss", command_setrtc },
    { "irqstat", 0, 0, "", command_irqstat },
    { "acpi", 0, 1, "[timer]", command_acpi },
    { "card", 1, 1, "WxHxBPP|text", command_card },
    { "modes", 0, 0, "", command_modes },
    { "home", 0, 0, "", command_home },
    { "tone", 0, 2, "[HZ [MS]]", command_tone },
    { "sb16", 0, 2, "[HZ [MS]]", command_sb16 },
    { "halt", 0, 0, "", command_halt },
    { "hang", 0, 0, "", command_hang },
    { "reboot", 0, 1, "[cf9]", command_reboot },
    { "poweroff", 0, 0, "", command_poweroff },
    { "triplefault", 0, 0, "", command_triplefault },
};
const u32 command_count = COUNT_OF(commands);

static void answer(const char *kind, const char *format, va_list list)
{
    char text[300];
    u32 n = format_text(text, sizeof text, "%s ", kind);
    format_list(text + n, sizeof text - n, format, list);
    say("%s", text);
}

void ok(const char *format, ...)
{
    va_list list;
    __builtin_va_start(list, format);
    answer("OK", format, list);
    __builtin_va_end(list);
}

void err(const char *format, ...)
{
    va_list list;
    __builtin_va_start(list, format);
    answer("ERR", format, list);
    __builtin_va_end(list);
}

static bool parse(const char *word, u32 *value)
{
    u32 base = 10, v = 0;
    if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) base = 16, word += 2;
    if (!*word) return false;
    for (; *word; word++) {
        u32 c = (u8)*word, digit = c - '0';
        if (digit > 9) digit = (c | 32) - 'a' < 6 ? (c | 32) - 'a' + 10 : 99;
        if (digit >= base) return false;
        u64 next = (u64)v * base + digit;
        if (next >> 32) return false;
        v = (u32)next;
    }
    *value = v;
    return true;
}

bool number(const char *word, const char *name, u32 *value)
{
    if (parse(word, value)) return true;
    err("%s is not a number of 32 bits: %s", name, word);
    return false;
}

bool number_between(const char *word, const char *name, u32 least, u32 most, u32 *value)
{
    if (!number(word, name, value)) return false;
    if (*value >= least && *value <= most) return true;
    err("%s must be %u to %u", name, least, most);
    return false;
}

static void run_line(char *line)
{
    char *words[WORDS];
    u32 n = 0;
    for (char *c = line; *c;) {
        while (*c == ' ' || *c == '\t') *c++ = 0;
        if (!*c) break;
        if (n == WORDS) { err("too many words"); return; }
        words[n++] = c;
        while (*c && *c != ' ' && *c != '\t') c++;
    }
    if (!n) return; // an empty line asks nothing
    for (u32 i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];
        if (!same_text(words[0], c->name)) continue;
        if (n - 1 < c->least || n - 1 > c->most) err("usage: %s %s", c->name, c->usage);
        else c->run(words + 1, n - 1);
        return;
    }
    err("unknown command: %s (try help)", words[0]);
}

void serve_serial(void)
{
    static char line[LINE + 1];
    static u32 length;
    static bool too_long, busy, foreign;
    if (busy) return; // a long command is looking after events; the next command waits for it
    int byte;
    while ((byte = serial_byte()) >= 0) {
        if (byte == '\r' || byte == '\n') {
            line[length] = 0;
            u32 n = length;
            bool cut = too_long, odd = foreign;
            length = 0, too_long = foreign = false;
            if (cut) err("line longer than %u characters", LINE);
            else if (odd) err("only printable ASCII is understood");
            else if (n) {
                busy = true;
                run_line(line);
                busy = false;
            }
        } else if (length == LINE) {
            too_long = true;
        } else {
            if (byte != '\t' && (byte < 32 || byte > 126)) foreign = true;
            line[length++] = (char)byte;
        }
    }
}

void command_help(char **a, u32 n)
{
    (void)a, (void)n;
    for (u32 i = 0; i < command_count; i++) say("HELP %s %s", commands[i].name, commands[i].usage);
    ok("%u commands", command_count);
}
