; The clocks of a PC, for programs that begin with bare-start.asm: call `find_clocks` first.
PIT_HZ equ 1193182
LAPIC equ 0xfee00000
IOAPIC equ 0xfec00000

; The 8259s with vectors 20h and 28h, all masked; pm_port: the PM timer's port (82371AB, 40h, of the function 8086:7113).
find_clocks:
    mov al, 0x11
    out 0x20, al
    out 0xa0, al
    mov al, 0x20
    out 0x21, al
    mov al, 0x28
    out 0xa1, al
    mov al, 4
    out 0x21, al
    mov al, 2
    out 0xa1, al
    mov al, 1
    out 0x21, al
    out 0xa1, al
    mov al, 0xff
    out 0x21, al
    out 0xa1, al
    mov ecx, 0x80000000
.function:
    mov dx, 0xcf8
    mov eax, ecx
    out dx, eax
    mov dx, 0xcfc
    in eax, dx
    cmp eax, 0x71138086
    je .found
    add ecx, 0x100
    cmp ecx, 0x80010000
    jb .function
    ret
.found:
    mov dx, 0xcf8
    lea eax, [ecx + 0x40]
    out dx, eax
    mov dx, 0xcfc
    in eax, dx
    and eax, 0xffc0
    add eax, 8
    mov [pm_port], eax
    ret
pm_port dd 0

; eax: the PM timer's count
read_pm:
    mov edx, [pm_port]
    in eax, dx
    and eax, 0xffffff
    ret

; eax: the count of the PIT's counter 0
read_pit:
    xor eax, eax
    out 0x43, al
    in al, 0x40
    mov ah, al
    in al, 0x40
    xchg al, ah
    ret

; cx: the period of the PIT's counter 0 in ticks
set_pit:
    mov al, 0x34
    out 0x43, al
    mov al, cl
    out 0x40, al
    mov al, ch
    out 0x40, al
    ret

; bl: the rate of the RTC's periodic interrupt in register A, 6 for 1024 Hz, 10 for 64 Hz
set_rtc:
    mov al, 0x0a
    out 0x70, al
    mov al, 0x20
    or al, bl
    out 0x71, al
    mov al, 0x0b
    out 0x70, al
    mov al, 0x42
    out 0x71, al
answer_rtc:
    mov al, 0x0c
    out 0x70, al
    in al, 0x71
    ret
stop_rtc:
    mov al, 0x0b
    out 0x70, al
    mov al, 0x02
    out 0x71, al
    jmp answer_rtc
