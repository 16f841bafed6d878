; What the local APIC, the I/O APIC and the 8259s do, asked once in code that the engine reads for the first time. One line an answer.
%include "bare-start.asm"
LAPIC equ 0xfee00000
IOAPIC equ 0xfec00000
SELF equ 0x40000                ; the ICR's shorthand
FIRST equ 0x61
SAME_CLASS equ 0x6a
LOWER equ 0x51
HIGHER equ 0x71
%macro answer 2                 ; name, number
    mov eax, %2
    mov esi, %%name
    call say
    jmp %%on
%%name: db %1, ' ', 0
%%on:
%endmacro
%macro forget 0
    mov dword [taken], 0
    mov dword [nested], 0
    mov dword [then], 0
%endmacro
%macro wait_a_little 0
    mov ecx, 1000
%%more:
    loop %%more
%endmacro
; sends FIRST with a handler that sends another vector while it serves, and says whether that one came in between (1) or after it (10h)
%macro while_served 2
    forget
    mov dword [then], SELF | %2
    sti
    mov dword [LAPIC + 0x300], SELF | FIRST
    wait_a_little
    cli
    answer %1, [nested]
%endmacro
start:
    mov ecx, 0x1b
    rdmsr
    mov [number], eax
    answer 'apic base', [number]
    answer 'spurious register', [LAPIC + 0xf0]
    answer 'timer entry', [LAPIC + 0x320]
    answer 'lint0', [LAPIC + 0x350]
    answer 'lint1', [LAPIC + 0x360]
    mov dword [LAPIC + 0xf0], 0x1ff
    mov dword [LAPIC + 0x80], 0

    ; how many instructions of a straight line run before what a write to the APIC makes due
    forget
    sti
    xor eax, eax
    mov dword [LAPIC + 0x300], SELF | FIRST
    times 16 inc eax
    cli
    answer 'instructions after an IPI', [eax_then]
    mov dword [LAPIC + 0x80], 0x60
    forget
    sti
    mov dword [LAPIC + 0x300], SELF | FIRST
    wait_a_little
    answer 'taken below the task priority', [taken]
    xor eax, eax
    mov dword [LAPIC + 0x80], 0x50
    times 16 inc eax
    cli
    answer 'instructions after it falls', [eax_then]
    answer 'taken then', [taken]
    mov dword [LAPIC + 0x80], 0
    forget
    mov dword [LAPIC + 0x300], SELF | FIRST
    mov edi, LAPIC + 0x80       ; by a string instruction, and by one that reads and writes
    mov dword [edi], 0x60
    sti
    xor eax, eax
    stosd
    times 16 inc eax
    cli
    answer 'instructions after a string', [eax_then]
    mov dword [LAPIC + 0x80], 0x60
    mov dword [LAPIC + 0x300], SELF | FIRST
    sti
    xor eax, eax
    and dword [LAPIC + 0x80], 0x50
    times 16 inc eax
    cli
    answer 'instructions after an AND', [eax_then]
    mov dword [LAPIC + 0x80], 0
    ; a CLI behind the write finds the interrupt taken
    forget
    sti
    nop
    mov dword [LAPIC + 0x300], SELF | FIRST
    cli
    answer 'taken before a CLI', [taken]
    ; a second one waits while the first is served: it comes when the first has been
    forget
    mov dword [eoi_count], 1
    mov dword [LAPIC + 0x300], SELF | LOWER
    mov dword [LAPIC + 0x300], SELF | FIRST
    sti
    wait_a_little
    cli
    answer 'instructions after an EOI', [eax_eoi]
    mov dword [eoi_count], 0

    while_served 'higher of the same class', SAME_CLASS
    while_served 'lower class', LOWER
    while_served 'higher class', HIGHER
    answer 'processor priority', [priority]

    forget
    sti
    mov dword [LAPIC + 0x310], 0x01000000
    mov dword [LAPIC + 0x300], FIRST
    wait_a_little
    answer 'to nobody', [taken]
    mov dword [LAPIC + 0x310], 0
    mov dword [LAPIC + 0x300], 0xc0000 | FIRST
    wait_a_little
    answer 'to all others', [taken]
    mov dword [LAPIC + 0x300], 0x80000 | FIRST
    wait_a_little
    answer 'to all', [taken]
    cli
    forget
    mov dword [LAPIC + 0x300], 0x400
    nop
    answer 'nmi', [nested]
    forget
    mov dword [LAPIC + 0xf0], 0xff
    sti
    mov dword [LAPIC + 0x300], SELF | FIRST
    wait_a_little
    cli
    answer 'while it is disabled', [taken]
    answer 'timer entry then', [LAPIC + 0x320]
    mov dword [LAPIC + 0xf0], 0x1ff
    sti
    wait_a_little
    cli

    forget
    mov dword [LAPIC + 0x3e0], 0xb
    mov dword [LAPIC + 0x320], FIRST
    mov dword [LAPIC + 0x380], 1000000
    sti
    hlt
    cli
    answer 'timer ends a halt', [taken]
    mov dword [LAPIC + 0x320], 0x10000 | FIRST

    mov dword [IOAPIC], 1
    answer 'io apic', [IOAPIC + 0x10]
    ; a pending interrupt: STI lets one instruction through
    forget
    mov dword [LAPIC + 0x300], SELF | FIRST
    sti
    cli
    answer 'between sti and cli', [taken]
    sti
    nop
    nop
    cli
    answer 'behind sti', [taken]

    ; edges and levels: lines 0, 1, 2, 8 and 13 are always edges
    mov al, 0xff
    mov dx, 0x4d0
    out dx, al
    inc dx
    out dx, al
    xor eax, eax
    in al, dx
    mov ah, al
    dec dx
    in al, dx
    mov [number], eax
    answer 'levels', [number]
    xor al, al
    out dx, al
    inc dx
    out dx, al

    ; a double fault through a task gate
    mov word [0x80000 + 8 * 8 + 0], 0
    mov word [0x80000 + 8 * 8 + 2], 0x20
    mov word [0x80000 + 8 * 8 + 4], 0x8500
    mov word [0x80000 + 13 * 8 + 4], 0x0e00
    mov word [0x80000 + 11 * 8 + 4], 0x0e00
    mov eax, cr3
    mov [tss2 + 28], eax
    mov dword [tss2 + 32], double_fault
    mov dword [tss2 + 36], 2
    mov dword [tss2 + 56], 0x8f000
    mov word [tss2 + 76], 8
    mov word [tss2 + 80], 16
    mov word [tss2 + 84], 16
    mov word [tss2 + 72], 16
    mov word [tss2 + 88], 16
    mov word [tss2 + 92], 16
    mov ax, 0x18
    ltr ax
    mov ax, 0x1000
.faulting:
    mov ds, ax
double_fault:
    mov eax, [tss1 + 32]
    sub eax, start.faulting
    mov [number], eax
    answer 'double fault at', [number]
    mov esi, m_end
    call puts
.halt:
    hlt
    jmp .halt

trap:
    pushad
    mov eax, [esp + 32]
    cmp eax, 2
    je .nmi
    cmp eax, FIRST
    je .first
    cmp eax, 32
    jb .exception
    cmp dword [serving], 0
    je .late
    mov dword [nested], 1
    jmp .eoi
.late:
    mov dword [nested], 0x10
    mov ecx, [esp + 28]
    mov [eax_eoi], ecx
.eoi:
    mov dword [LAPIC + 0xb0], 0
.back:
    popad
    add esp, 4
    iretd
.first:
    inc dword [taken]
    mov ecx, [esp + 28]
    mov [eax_then], ecx
    cmp dword [eoi_count], 1
    je .eoi_first
    mov ecx, [then]
    test ecx, ecx
    jz .eoi
    mov dword [serving], 1
    mov edx, [LAPIC + 0xa0]
    mov [priority], edx
    sti
    mov [LAPIC + 0x300], ecx
    wait_a_little
    cli
    mov dword [serving], 0
    jmp .eoi
    ; EOI with interrupts on: the lower one comes before the counting goes on
.eoi_first:
    sti
    xor eax, eax
    mov dword [LAPIC + 0xb0], 0
    times 16 inc eax
    cli
    jmp .back
.nmi:
    mov dword [nested], 0x22
    jmp .back
.exception:
    mov esi, m_exception
    call say
    hlt
number dd 0
taken dd 0
nested dd 0
then dd 0
serving dd 0
priority dd 0
eax_then dd 0
eax_eoi dd 0
eoi_count dd 0
m_exception db 'exception ', 0
m_end db 'END', 10, 0
