; 200,000 turns of what a kernel does at each change of its interrupt level: TPR up, an IPI to itself, TPR down, and the handler
; with its EOI; live registers and sums in all of it. Twice: the first runs are interpreted, the others compiled.
%include "bare-start.asm"
TURNS equ 200000
LAPIC equ 0xfee00000
start:
    mov dword [LAPIC + 0xf0], 0x1ff
    mov dword [LAPIC + 0x80], 0
    sti
    mov ecx, TURNS
    mov ebx, 0x12345678
    mov edx, 0x0badcafe
    mov esi, 0x11111111
    mov edi, 0x22222222
    mov ebp, 0x33333333
    xor eax, eax
.turn:
    mov dword [LAPIC + 0x80], 0xf0
    mov dword [LAPIC + 0x300], 0x40051
    add eax, ecx
    mov dword [LAPIC + 0x80], 0
    xor ebx, eax
    rol ebx, 3
    add eax, ebx
    dec ecx
    jnz .turn
    cli
    mov [sum], eax
    cmp edx, 0x0badcafe
    jne .torn
    cmp esi, 0x11111111
    jne .torn
    cmp edi, 0x22222222
    jne .torn
    cmp ebp, 0x33333333
    jne .torn
    cmp esp, 0x90000
    jne .torn
    mov esi, m_handled
    mov eax, [handled]
    call say
    ; the same sums without an interrupt
    mov ecx, TURNS
    mov ebx, 0x12345678
    xor eax, eax
.again:
    add eax, ecx
    xor ebx, eax
    rol ebx, 3
    add eax, ebx
    dec ecx
    jnz .again
    sub eax, [sum]
    mov esi, m_sum
    call say
    mov eax, [LAPIC + 0x120]    ; ISR of vectors 40h to 5Fh
    mov esi, m_isr
    call say
    ; an EOI with a second IPI waiting: both come, one after the other
    mov dword [handled], 0
    mov byte [twice], 1
    sti
    mov ecx, TURNS
.pair:
    mov dword [LAPIC + 0x300], 0x40051
    mov eax, [handled]
    loop .pair
    mov ecx, 2                  ; the last pair comes before the next jump back
.last:
    loop .last
    cli
    mov esi, m_pairs
    mov eax, [handled]
    call say
    mov esi, m_end
    call puts
.halt:
    hlt
    jmp .halt
.torn:
    mov esi, m_torn
    call puts
    jmp .halt
trap:
    push eax
    mov eax, [esp + 4]
    cmp eax, 0x51
    je .ipi
    cmp eax, 0x52
    je .second
    mov esi, m_trap
    call say
    hlt
.ipi:
    inc dword [handled]
    cmp byte [twice], 0
    je .eoi
    mov dword [LAPIC + 0x300], 0x40052
    jmp .eoi
.second:
    inc dword [handled]
.eoi:
    mov dword [LAPIC + 0xb0], 0
    pop eax
    add esp, 4
    iretd
handled dd 0
sum dd 0
twice db 0
m_handled db 'handled ', 0
m_sum db 'difference ', 0
m_isr db 'in service ', 0
m_pairs db 'pairs ', 0
m_torn db 'registers are torn', 10, 0
m_trap db 'exception ', 0
m_end db 'END', 10, 0
