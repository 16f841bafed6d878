; The beginning of a program for the bare machine, started from a floppy: 32-bit flat protected mode, all interrupts to `trap`,
; which a program defines, with the vector and (for those that have one) an error code on the stack; COM1 by `puts` and `say`.
; nasm -f bin -o NAME.bin NAME.asm
bits 16
org 0x7c00
    cli
    jmp 0:.real
.real:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov ax, 0x0208              ; eight more sectors behind this one
    mov bx, 0x7e00
    mov cx, 0x0002
    xor dx, dx
    int 0x13
    cli
    lgdt [gdtr]
    mov eax, cr0
    or al, 1
    mov cr0, eax
    jmp 8:flat
bits 32
flat:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov esp, 0x90000
    mov al, 0xff                ; both 8259s masked
    out 0x21, al
    out 0xa1, al
    mov edi, 0x80000            ; 256 gates to stubs of 16 bytes each
    mov esi, 0x81000
    xor ecx, ecx
.gate:
    mov eax, esi
    mov [edi], ax
    mov dword [edi + 2], 0x8e000008
    mov word [edi + 4], 0x8e00
    shr eax, 16
    mov [edi + 6], ax
    mov byte [esi], 0x68        ; push dword vector
    mov [esi + 1], ecx
    mov byte [esi + 5], 0xe9    ; jmp trap
    mov eax, trap
    lea edx, [esi + 10]
    sub eax, edx
    mov [esi + 6], eax
    add edi, 8
    add esi, 16
    inc ecx
    cmp ecx, 256
    jb .gate
    lidt [idtr]
    jmp start
gdtr:
    dw 39
    dd gdt
idtr:
    dw 2047
    dd 0x80000
align 8
gdt:
    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
    dw 103, tss1, 0x8900, 0
    dw 103, tss2, 0x8900, 0
    times 510 - ($ - $$) db 0
    dw 0xaa55
align 16
tss1: times 104 db 0
tss2: times 104 db 0

putc:
    push edx
    push eax
    mov dx, 0x3fd
.wait:
    in al, dx
    test al, 0x20
    jz .wait
    pop eax
    mov dx, 0x3f8
    out dx, al
    pop edx
    ret
; esi: text that ends with a zero
puts:
    push eax
.next:
    lodsb
    test al, al
    jz .done
    call putc
    jmp .next
.done:
    pop eax
    ret
; esi: text, eax: a number that follows in eight digits
say:
    pushad
    call puts
    mov eax, [esp + 28]
    mov ecx, 8
.digit:
    rol eax, 4
    push eax
    and al, 15
    add al, '0'
    cmp al, '9'
    jbe .put
    add al, 39
.put:
    call putc
    pop eax
    loop .digit
    mov al, 10
    call putc
    popad
    ret
