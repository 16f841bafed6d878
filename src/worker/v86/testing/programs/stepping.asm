; What the trap flag, INT1 and BOUND do (Intel SDM 3B chapter 17, 2A). Each part runs twice: at first as the engine reads it, and then
; when the same code is compiled. A line says how many debug exceptions came and the sum of the addresses behind them, from the part's
; beginning on.
%include "bare-start.asm"
TURNS equ 40000
%macro part 1
    mov dword [base], %1
    mov dword [traps], 0
    mov dword [sum], 0
    mov dword [others], 0
%endmacro
%macro report 1
    mov esi, %1
    call puts
    mov eax, [traps]
    mov esi, m_traps
    call say
    mov eax, [sum]
    mov esi, m_sum
    call say
%endmacro
; runs a part with the trap flag at once, then many times without it, then with it again
%macro both 2
    part %1
    mov dword [trap_flag], 0x100
    call %1
    report %2
    mov dword [trap_flag], 0
    mov dword [turns], TURNS
%%warm:
    call %1
    dec dword [turns]
    jnz %%warm
    part %1
    mov dword [trap_flag], 0x100
    call %1
    report %2
    mov dword [trap_flag], 0
%endmacro
start:
    both by_popf, m_popf
    both by_iret, m_iret
    both strings, m_strings
    both compare, m_compare
    both stack, m_stack
    both software, m_software
    mov eax, [others]
    mov esi, m_others
    call say
    both faulting, m_faulting
    mov eax, [others]
    mov esi, m_others
    call say
    both interrupted, m_interrupted
    mov eax, [others]
    mov esi, m_others
    call say
    mov eax, [traps_at_ipi]
    mov esi, m_before
    call say
    ; INT1: a trap that is no single step
    mov dword [traps], 0
    mov dword [turns], TURNS
    mov dword [steps], 0
.int1:
    db 0xf1
    dec dword [turns]
    jnz .int1
    mov eax, [traps]
    mov esi, m_int1
    call say
    mov eax, [steps]
    mov esi, m_steps
    call say
    ; BOUND: within, at both ends, below, above; 32 and 16 bits
    mov dword [others], 0
    mov dword [turns], TURNS
.within:
    mov eax, -5
    bound eax, [bounds32]
    mov ecx, 4
    mov edx, 1
    bound ecx, [bounds32 - 8 + edx * 8]
    mov bx, -3
    bound bx, [bounds16]
    push dword 4
    push dword 1
    mov ebp, esp
    mov edi, 3
    bound edi, [ebp]
    add esp, 8
    dec dword [turns]
    jnz .within
    mov eax, [others]
    mov esi, m_within
    call say
    mov dword [turns], TURNS
.beyond:
    mov eax, -6
    bound eax, [bounds32]
    mov eax, 5
    bound eax, [bounds32]
    mov bx, 4
    bound bx, [bounds16]
    dec dword [turns]
    jnz .beyond
    mov eax, [others]
    mov esi, m_beyond
    call say
    mov eax, [other]
    mov esi, m_vector
    call say
    mov dword [others], 0
    db 0x62, 0xc0, 0x90          ; with a register: no such instruction (the handler skips three bytes)
    mov eax, [other]
    mov esi, m_vector
    call say
    mov esi, m_end
    call puts
.halt:
    hlt
    jmp .halt

by_popf:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    popfd
    nop
    inc eax
    jmp short .on
    nop
.on:
    pushfd
    and dword [esp], ~0x100
    popfd
    nop
    ret

by_iret:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    push dword 8
    push dword .on
    iretd
    nop
.on:
    nop
    mov eax, ecx
    push dword 2
    popfd
    nop
    ret

strings:
    mov edi, buffer
    mov esi, buffer
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    popfd
    mov ecx, 4
    rep stosb
    rep movsd
    mov ecx, 3
    rep lodsw
    push dword 2
    popfd
    ret

compare:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    mov edi, text_a
    mov esi, text_b
    mov ecx, 9
    popfd
    repe cmpsb                  ; unlike at the fourth
    mov edi, text_a
    mov al, 'c'
    mov ecx, 9
    repne scasb                 ; found at the third
    push dword 2
    popfd
    mov eax, ecx
    ret

stack:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    mov edx, esp
    mov cx, ss
    popfd
    mov ss, cx
    mov esp, edx
    push ss
    pop ss
    mov esp, edx
    add esp, 4
    push dword 2
    popfd
    ret

software:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    popfd
    nop
    int 0x60
    nop
    nop
    push dword 2
    popfd
    ret

faulting:
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    popfd
    nop
    ud2
    nop                         ; the handler goes on behind this
    nop
    push dword 2
    popfd
    ret

interrupted:
    mov dword [LAPIC + 0xf0], 0x1ff
    mov dword [LAPIC + 0x80], 0
    mov dword [LAPIC + 0x300], 0x40051
    pushfd
    mov eax, [trap_flag]
    or [esp], eax
    popfd
    nop
    sti
    nop
    nop
    push dword 2
    popfd
    ret
LAPIC equ 0xfee00000

trap:
    push eax
    mov eax, [esp + 4]
    cmp eax, 1
    jne .other
    inc dword [traps]
    mov eax, [esp + 8]
    sub eax, [base]
    add [sum], eax
    mov eax, dr6
    test eax, 0x4000
    jz .no_step
    inc dword [steps]
    and eax, ~0x4000
    mov dr6, eax
.no_step:
    pop eax
    add esp, 4
    iretd
.other:
    inc dword [others]
    mov [other], eax
    cmp eax, 0x51
    je .ipi
    cmp eax, 0x60
    je .no_step
    ; a fault: go on behind the instruction
    mov eax, [esp + 8]
    cmp byte [esp + 4], 5
    je .bound
    add dword [esp + 8], 3
    jmp .no_step
.bound:
    add dword [esp + 8], 6
    cmp byte [eax], 0x66
    jne .no_step
    inc dword [esp + 8]
    jmp .no_step
.ipi:
    mov eax, [traps]
    mov [traps_at_ipi], eax
    mov dword [LAPIC + 0xb0], 0
    jmp .no_step

base dd 0
traps dd 0
sum dd 0
steps dd 0
others dd 0
other dd 0
turns dd 0
trap_flag dd 0
traps_at_ipi dd 0
bounds32 dd -5, 4
bounds16 dw -3, 3
text_a db 'abcdefghi'
text_b db 'abcxefghi'
align 4
buffer times 64 db 0
m_popf db 'popf', 10, 0
m_iret db 'iret', 10, 0
m_strings db 'strings', 10, 0
m_compare db 'compare', 10, 0
m_stack db 'stack', 10, 0
m_software db 'software', 10, 0
m_faulting db 'faulting', 10, 0
m_interrupted db 'interrupted', 10, 0
m_traps db '  traps ', 0
m_sum db '  sum ', 0
m_others db '  others ', 0
m_before db '  traps before the interrupt ', 0
m_int1 db 'int1 ', 0
m_steps db '  single steps ', 0
m_within db 'bound within ', 0
m_beyond db 'bound beyond ', 0
m_vector db '  vector ', 0
m_end db 'END', 10, 0
