// What a machine may not come back from.
#include "probe.h"

void probe_last(void)
{
    begin_section("fault");
    line("PROBE LAST"); // a machine that stops here has answered too
    fact("double-fault-task", "%s", double_fault_reaches_its_task() ? "reached" : "not reached");
}
