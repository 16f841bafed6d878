; Measures the time stamp counter as systems do, over 10 ms each, again and again: by bit 5 of port 61h, by the PIT's counter, by the
; PM timer, by the local APIC's timer, and from one interrupt to another, ten later, of RTC and PIT. One line each: the counter's
; difference, and behind it the other clock's.
%include "bare-start.asm"
%include "clocks.asm"
%ifndef ROUNDS
%define ROUNDS 100
%endif
start:
    call find_clocks
    mov dword [LAPIC + 0xf0], 0x1ff
    mov dword [LAPIC + 0x3e0], 0xb
    mov dword [LAPIC + 0x320], 0x10060
    mov dword [rounds], ROUNDS
.again:
    call by_port61
    call by_pit
    call by_pm
    call by_apic
    call by_rtc_interrupts
    call by_pit_interrupts
    ; Not always at the same place of the clocks' steps.
    mov ecx, [rounds]
    imul ecx, ecx, 7919
    and ecx, 0xffff
.pause:
    loop .pause
    dec dword [rounds]
    jnz .again
    mov esi, m_end
    call puts
.halt:
    hlt
    jmp .halt

; Linux, pit_calibrate_tsc
by_port61:
    in al, 0x61
    and al, 0xfc
    or al, 1
    out 0x61, al
    mov al, 0xb0
    out 0x43, al
    mov al, 0x9c
    out 0x42, al
    mov al, 0x2e
    out 0x42, al
    call begin
.wait:
    in al, 0x61
    test al, 0x20
    jz .wait
    mov ebx, 11932
    mov esi, m_port61
    jmp finish

by_pit:
    xor ecx, ecx
    call set_pit
    call read_pit
    mov edi, eax
    call begin
.wait:
    call read_pit
    mov ebx, edi
    sub ebx, eax
    and ebx, 0xffff
    cmp ebx, 11932
    jb .wait
    mov esi, m_pit
    jmp finish

by_pm:
    call read_pm
    mov edi, eax
    call begin
.wait:
    call read_pm
    sub eax, edi
    and eax, 0xffffff
    mov ebx, eax
    cmp ebx, 35796
    jb .wait
    mov esi, m_pm
    jmp finish

by_apic:
    mov dword [LAPIC + 0x380], 0xffffffff
    call begin
.wait:
    mov ebx, [LAPIC + 0x390]
    not ebx
    cmp ebx, 10000000
    jb .wait
    mov esi, m_apic
    jmp finish

by_rtc_interrupts:
    mov bl, 6
    call set_rtc
    mov al, 0xfe
    out 0xa1, al
    mov al, 0xfb
    out 0x21, al
    mov esi, m_rtc
    call by_interrupts
    call stop_rtc
    ret

by_pit_interrupts:
    mov ecx, 1193
    call set_pit
    mov al, 0xfe
    out 0x21, al
    mov esi, m_ticks
by_interrupts:
    mov dword [count], 0
    sti
.wait:
    cmp dword [count], 14
    jb .wait
    cli
    mov al, 0xff
    out 0x21, al
    out 0xa1, al
    mov eax, [came + 13 * 4]
    sub eax, [came + 3 * 4]
    mov ebx, 10
    jmp tell

begin:
    push eax
    push edx
    rdtsc
    mov [from], eax
    pop edx
    pop eax
    ret
; ebx: the other clock's difference, esi: its name
finish:
    rdtsc
    sub eax, [from]
tell:
    call say
    mov esi, m_other
    mov eax, ebx
    jmp say

trap:
    push eax
    push edx
    mov eax, [esp + 8]
    cmp eax, 0x20
    je .timer
    cmp eax, 0x28
    je .clock
    mov esi, m_trap
    call say
    cli
    hlt
.clock:
    call .note
    call answer_rtc
    mov al, 0x20
    out 0xa0, al
    jmp .end
.timer:
    call .note
.end:
    mov al, 0x20
    out 0x20, al
    pop edx
    pop eax
    add esp, 4
    iretd
.note:
    push ecx
    rdtsc
    mov ecx, [count]
    cmp ecx, 14
    jae .enough
    mov [came + ecx * 4], eax
    inc dword [count]
.enough:
    pop ecx
    ret
rounds dd 0
from dd 0
count dd 0
came times 16 dd 0
m_port61 db 'port61 ', 0
m_pit db 'pit ', 0
m_pm db 'pm ', 0
m_apic db 'apic ', 0
m_rtc db 'rtc-interrupts ', 0
m_ticks db 'pit-interrupts ', 0
m_other db 'by ', 0
m_trap db 'exception ', 0
m_end db 'END', 10, 0
