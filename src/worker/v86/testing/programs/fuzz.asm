; Brings the processor into one of five modes, named by the byte `mode`, with every exception and interrupt going back into the page of code at
; AREA, at a place that the time stamp chooses; prints R and waits there. What is in that page is for whoever watches the engine.
%include "bare-start.asm"
AREA equ 0x20000
REAL equ 0
FLAT equ 1
PAGED equ 2
USER equ 3
VIRTUAL equ 4
mode db FLAT
align 4
start:
    ; a stack segment and a task for what comes from outside of ring 0
    mov dword [tss1 + 4], 0x8e000
    mov dword [tss1 + 8], 16
    mov word [tss1 + 102], 104
    mov ax, 0x18
    ltr ax
    ; the code of ring 3 and its data, in place of the second task's descriptor
    mov dword [gdt + 0x20], 0x0000ffff
    mov dword [gdt + 0x24], 0x00cffa00
    mov dword [gdt + 0x28], 0x0000ffff
    mov dword [gdt + 0x2c], 0x00cff200
    mov word [gdtr], 0x2f
    lgdt [gdtr]
    mov word [AREA], 0xfeeb     ; jmp $
    mov esi, m_ready
    call puts
    mov al, [mode]
    cmp al, REAL
    je to_real
    cmp al, FLAT
    je again
    ; 4 MiB of memory, at its own place
    mov edi, 0x100000
    mov eax, 0x101007
    stosd
    xor eax, eax
    mov ecx, 1023
    rep stosd
    mov edi, 0x101000
    mov eax, 7
    mov ecx, 1024
.page:
    stosd
    add eax, 0x1000
    loop .page
    mov eax, 0x100000
    mov cr3, eax
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
again:
    mov esp, 0x8e000
    rdtsc
    and eax, 0xfff
    cmp byte [started], 0
    jne .go
    mov byte [started], 1
    xor eax, eax
.go:
    add eax, AREA
    mov bl, [mode]
    cmp bl, VIRTUAL
    je .virtual
    cmp bl, USER
    je .user
    push dword 0x202
    popfd
    jmp eax
.user:
    push dword 0x2b
    push dword 0x8d000
    push dword 0x3202
    push dword 0x23
    push eax
    iretd
.virtual:
    xor ecx, ecx
    times 5 push dword 0x2000
    push dword 0xe000
    push dword 0x23202
    push dword 0x2000
    sub eax, AREA
    push eax
    iretd
trap:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    jmp again
to_real:
    lgdt [gdtr16]
    jmp 0x10:.sixteen
bits 16
.sixteen:
    mov ax, 0x18
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov eax, cr0
    and al, 0xfe
    mov cr0, eax
    jmp 0:.real
.real:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7000
    lidt [idtr16]
    xor di, di
    mov cx, 256
.vector:
    mov word [di], again16
    mov word [di + 2], 0
    add di, 4
    loop .vector
again16:
    cli
    xor ax, ax
    mov ds, ax
    mov ss, ax
    mov sp, 0x7000
    rdtsc
    and ax, 0xfff
    cmp byte [cs:started], 0
    jne .go
    mov byte [cs:started], 1
    xor ax, ax
.go:
    push word 0x202
    popf
    push word 0x2000
    push ax
    retf
align 8
gdt16:
    dq 0, 0x00cf9a000000ffff, 0x000f9a000000ffff, 0x000f92000000ffff
gdtr16:
    dw 31
    dd gdt16
idtr16:
    dw 0x3ff
    dd 0
started db 0
m_ready db 'R', 0
