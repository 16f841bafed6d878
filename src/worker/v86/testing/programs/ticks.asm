; Counts the interrupts of RTC, PIT and the local APIC's timer while the PM timer counts SECONDS, busy and halted, by the 8259s and by the
; I/O APIC. Two lines each: the interrupts, and the PM timer's ticks.
%include "bare-start.asm"
%include "clocks.asm"
%ifndef SECONDS
%define SECONDS 2
%endif
start:
    call find_clocks
    mov dword [LAPIC + 0xf0], 0x1ff
    mov dword [LAPIC + 0x80], 0
    ; by the 8259s
    mov al, 0xfe
    out 0xa1, al
    mov al, 0xfb
    out 0x21, al
    mov esi, m_rtc64
    mov bl, 10
    call set_rtc
    call both
    mov esi, m_rtc1024
    mov bl, 6
    call set_rtc
    call both
    call stop_rtc
    mov al, 0xff
    out 0xa1, al
    mov al, 0xfe
    out 0x21, al
    mov esi, m_pit100
    mov ecx, 11932
    call set_pit
    call both
    mov esi, m_pit1000
    mov ecx, 1193
    call set_pit
    call both
    mov al, 0xff
    out 0x21, al
    ; by the I/O APIC: the timer is on pin 2, the clock on pin 8
    mov dword [IOAPIC], 0x10 + 2 * 2 + 1
    mov dword [IOAPIC + 0x10], 0
    mov dword [IOAPIC], 0x10 + 2 * 2
    mov dword [IOAPIC + 0x10], 0x62
    mov esi, m_pit1000_io
    call both
    mov dword [IOAPIC], 0x10 + 2 * 2
    mov dword [IOAPIC + 0x10], 0x10062
    mov dword [IOAPIC], 0x10 + 2 * 8 + 1
    mov dword [IOAPIC + 0x10], 0
    mov dword [IOAPIC], 0x10 + 2 * 8
    mov dword [IOAPIC + 0x10], 0x68
    mov esi, m_rtc1024_io
    mov bl, 6
    call set_rtc
    call both
    call stop_rtc
    mov dword [IOAPIC], 0x10 + 2 * 8
    mov dword [IOAPIC + 0x10], 0x10068
    ; the local APIC's own
    mov dword [LAPIC + 0x3e0], 0xb
    mov dword [LAPIC + 0x320], 0x20060
    mov dword [LAPIC + 0x380], 10000000
    mov esi, m_apic100
    call both
    mov dword [LAPIC + 0x380], 1000000
    mov esi, m_apic1000
    call both
    mov esi, m_end
    call puts
.halt:
    cli
    hlt
    jmp .halt

; esi: the name of what interrupts
both:
    mov byte [halted], 0
    mov edi, m_busy
    call counted
    mov byte [halted], 1
    mov edi, m_halted
counted:
    push esi
    call puts
    mov esi, edi
    push esi
    mov dword [passed], 0
    call answer_rtc
    call read_pm
    mov [last], eax
    mov dword [count], 0
    sti
.wait:
    cmp byte [halted], 0
    je .busy
    hlt
    jmp .look
.busy:
    mov ecx, 20000
.work:
    loop .work
.look:
    call read_pm
    mov ecx, eax
    sub ecx, [last]
    and ecx, 0xffffff
    add [passed], ecx
    mov [last], eax
    cmp dword [passed], SECONDS * 3579545
    jb .wait
    cli
    mov eax, [count]
    pop esi
    call say
    mov esi, m_passed
    mov eax, [passed]
    call say
    pop esi
    ret

trap:
    push eax
    mov eax, [esp + 4]
    cmp eax, 0x20
    je .timer
    cmp eax, 0x28
    je .clock
    cmp eax, 0x60
    je .local
    cmp eax, 0x62
    je .local
    cmp eax, 0x68
    je .clock_by_apic
    mov esi, m_trap
    call say
    cli
    hlt
.clock:
    inc dword [count]
    call answer_rtc
    mov al, 0x20
    out 0xa0, al
    out 0x20, al
    jmp .end
.timer:
    inc dword [count]
    mov al, 0x20
    out 0x20, al
    jmp .end
.clock_by_apic:
    call answer_rtc
.local:
    inc dword [count]
    mov dword [LAPIC + 0xb0], 0
.end:
    pop eax
    add esp, 4
    iretd
halted db 0
count dd 0
passed dd 0
last dd 0
m_busy db 'busy ', 0
m_halted db 'halted ', 0
m_rtc64 db 'rtc-64-pic ', 0
m_rtc1024 db 'rtc-1024-pic ', 0
m_pit100 db 'pit-100-pic ', 0
m_pit1000 db 'pit-1000-pic ', 0
m_pit1000_io db 'pit-1000-ioapic ', 0
m_rtc1024_io db 'rtc-1024-ioapic ', 0
m_apic100 db 'apic-100 ', 0
m_apic1000 db 'apic-1000 ', 0
m_passed db 'passed ', 0
m_trap db 'exception ', 0
m_end db 'END', 10, 0
