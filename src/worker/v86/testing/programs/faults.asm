; What a processor does with faults that nobody expects. Each part prints a line; the last ends in a reset, and the floppy starts
; again: a byte of the CMOS memory tells how often.
%include "bare-start.asm"
start:
    mov al, 0x50
    out 0x70, al
    in al, 0x71
    cmp al, 1
    je after_first
    cmp al, 2
    je after_second
    ; instructions that have nothing to do, interpreted and then compiled
    mov ecx, 300000
.idle:
    clflush [esp]
    clflush [0x90000 + ecx * 4]
    prefetchw [ecx + 0x100]
    loop .idle
    invd
    mov eax, ecx
    mov esi, m_idle
    call say
    ; fifteen bytes are the longest instruction; one that is far longer must not reach the engine's own memory. In a page of its own, which
    ; is never compiled.
    mov edi, 0x30000
    mov eax, 0x3e               ; DS:
    mov ecx, 14
    rep stosb
    mov byte [edi], 0x90
    inc edi
    mov al, 0x3e
    mov ecx, 15
    rep stosb
    mov byte [edi], 0x90
    mov dword [expected], after_sixteen
    mov eax, 0x30000
    jmp eax
after_sixteen:
    mov edi, 0x31000
    mov al, 0x66
    mov ecx, 1000
    rep stosb
    mov dword [edi], 0x242cdf   ; fild qword [esp]
    mov dword [expected], after_long
    mov eax, 0x31000
    jmp eax
after_long:
    ; what upstream has no fault for, a thousand times at one place
    mov dword [expected], .again
    mov byte [quiet], 1
    mov ebp, 1000
.again:
    dec ebp
    js .enough
    mov ax, 8
    lldt ax                     ; this is no table
    mov dword [faults], 0
.enough:
    mov byte [quiet], 0
    mov eax, [faults]
    mov esi, m_faults
    call say
    ; interrupted while CR4.VME is set, which CPUID does not announce
    mov dword [tss1 + 4], 0x8e000
    mov dword [tss1 + 8], 16
    mov word [tss1 + 102], 104
    mov ax, 0x18
    ltr ax
    mov byte [gdt + 0x1d], 0x89
    mov eax, cr4
    or al, 1
    mov cr4, eax
    mov dword [expected], after_virtual
    mov word [0x20000], 0x60cd  ; int 60h
    xor eax, eax
    times 4 push eax
    push dword 0x2000
    push dword 0xe000
    push dword 0x20002
    push dword 0x2000
    push eax
    iretd
after_virtual:
    mov eax, cr4
    and al, 0xfe
    mov cr4, eax
    ; an interrupt table entry that is none: #GP with the entry's number
    mov word [0x80000 + 0x60 * 8 + 4], 0
    mov dword [expected], after_gate
    int 0x60
after_gate:
    ; execution where there is no memory: #UD
    mov dword [expected], after_jump
    mov eax, 0xd0000000
    jmp eax
after_jump:
    mov eax, [flags_then]       ; those that a fault saves have the resume flag
    and eax, 0x10000
    mov esi, m_resume
    call say
    ; a double fault through a task gate, as NT has it
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
    mov ds, ax
double_fault:
    mov esi, m_double
    call puts
    ; a fault, no handler for it and none for the double fault: the processor shuts down, and a PC resets
    mov al, 1
    call count
    mov dword [0x80000 + 8 * 8 + 4], 0
    mov ax, 0x1000
    mov ds, ax
    jmp $
after_first:
    mov esi, m_reset
    call puts
    mov al, 2
    call count
    ; a page fault whose stack is not there either
    mov edi, 0x200000
    mov eax, 0x201003
    stosd
    xor eax, eax
    mov ecx, 1023
    rep stosd
    mov edi, 0x201000
    mov eax, 3
    mov ecx, 512
.page:
    stosd
    add eax, 0x1000
    loop .page
    mov eax, 0x200000
    mov cr3, eax
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
    ; a page fault in an instruction that upstream cannot stop in
    mov dword [expected], after_enter
    mov ebp, 0x800000
    enter 0, 2
after_enter:
    mov esp, 0x800000
    mov eax, [0x800000]
    jmp $
after_second:
    mov esi, m_reset
    call puts
    xor al, al
    call count
    mov esi, m_end
    call puts
.halt:
    hlt
    jmp .halt
count:
    push eax
    mov al, 0x50
    out 0x70, al
    pop eax
    out 0x71, al
    ret
trap:
    mov ax, 16
    mov ds, ax
    mov es, ax
    inc dword [faults]
    mov eax, [esp + 12]
    mov [flags_then], eax
    mov eax, [esp]
    cmp byte [quiet], 0
    jne .go
    mov esi, m_trap
    call say
    cmp eax, 13
    jne .go
    mov eax, [esp + 4]
    mov esi, m_code
    call say
.go:
    mov esp, 0x90000
    jmp [expected]
expected dd 0
faults dd 0
flags_then dd 0
m_resume db 'resume flag ', 0
quiet db 0
m_faults db 'faults ', 0
m_idle db 'idle ', 0
m_trap db 'vector ', 0
m_code db 'code ', 0
m_double db 'double fault', 10, 0
m_reset db 'reset', 10, 0
m_end db 'END', 10, 0
