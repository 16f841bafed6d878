; The trap flag in real mode, as DOS debuggers use it: by POPF and by IRET, in front of a string instruction and of a HLT. Prints what the
; handler of vector 1 counted to COM1. nasm -f bin -o NAME.bin NAME.asm
bits 16
org 0x7c00
    cli
    jmp 0:start
start:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov word [1 * 4], trap
    mov word [1 * 4 + 2], 0
    mov word [5 * 4], beyond
    mov word [5 * 4 + 2], 0
    mov word [0x60 * 4], nothing
    mov word [0x60 * 4 + 2], 0
    mov bp, 10000               ; cold at first, compiled at last
.turn:
    mov byte [traps], 0
    pushf
    pop ax
    or ax, 0x100
    push ax
    popf
    nop                         ; 1
    mov di, buffer              ; 2
    mov cx, 3                   ; 3
    rep stosb                   ; 4, 5, 6
    int 0x60                    ; none
    mov ax, 0                   ; 7
    hlt                         ; 8: the trap ends the halt
    push ax                     ; 9
    popf                        ; 10
    pushf
    pop ax
    or ax, 0x100
    push ax
    push cs
    push word .on
    iret
.on:
    nop                         ; 11
    push word 2                 ; 12
    popf                        ; 13
    mov al, [traps]
    cmp al, 13
    jne .wrong
    mov ax, 7
    bound ax, [bounds]
    cmp byte [outside], 0
    jne .wrong
    mov ax, 9
    bound ax, [bounds]
    cmp byte [outside], 1
    jne .wrong
    mov byte [outside], 0
    dec bp
    jnz .turn
    mov al, [traps]
.wrong:
    add al, 'A' - 1
    mov dx, 0x3f8
    out dx, al
    mov al, 10
    out dx, al
.halt:
    cli
    hlt
    jmp .halt
trap:
    inc byte [cs:traps]
    iret
beyond:
    inc byte [outside]
    push bp
    mov bp, sp
    add word [bp + 2], 4
    pop bp
    iret
nothing:
    iret
traps db 0
outside db 0
bounds dw -8, 8
buffer times 4 db 0
    times 510 - ($ - $$) db 0
    dw 0xaa55
