; The first 2048 bytes of the boot image. The BIOS loads exactly these (El Torito, no emulation,
; four 512-byte sectors) and this loads the rest, asks for the memory map, enters protected mode
; and jumps to the kernel. It stays in memory afterwards: the kernel has no video driver of its
; own and comes back through `bios_call` at 0x8000 for INT 10h.

%include "lowmem.asm"

%ifndef DISC_NAME
%define DISC_NAME "house disc"
%endif

        bits 16
        org LOADER

        jmp 0:start
        times 8 - ($ - $$) db 0

; The El Torito boot information table; make-iso.mjs fills it in.
pvd_lba:        dd 0
image_lba:      dd 0
image_bytes:    dd 0
image_sum:      dd 0
        times 64 - ($ - $$) db 0

start:  cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, REAL_STACK
        sti
        cld
        mov [BOOT_FACTS], dl            ; the drive we came from

; ---- the rest of the image, 16 CD sectors (32 KiB) at a time so that no read crosses 64 KiB
        mov eax, [image_bytes]
        add eax, 2047
        shr eax, 11
        dec eax                         ; this sector is here already
        mov [left], ax
        mov eax, [image_lba]
        inc eax
        mov [packet.lba], eax
.more:  mov ax, [left]
        test ax, ax
        jz .loaded
        cmp ax, 16
        jbe .few
        mov ax, 16
.few:   mov [packet.count], ax
        mov [wanted], ax
        mov byte [tries], 4
.again: mov ah, 0x42
        mov dl, [BOOT_FACTS]
        mov si, packet
        int 0x13
        jnc .good
        mov ax, [wanted]                ; the BIOS writes what it managed into the packet
        mov [packet.count], ax
        dec byte [tries]
        jz unreadable
        xor ah, ah                      ; reset the drive, try once more
        mov dl, [BOOT_FACTS]
        int 0x13
        jmp .again
.good:  mov ax, [wanted]
        sub [left], ax
        movzx eax, ax
        add [packet.lba], eax
        shl ax, 7                       ; 2048-byte sectors to paragraphs
        add [packet.segment], ax
        jmp .more
.loaded:

; ---- memory map
        xor ebx, ebx
        mov di, E820_MAP
        xor bp, bp
.entry: mov eax, 0xE820
        mov ecx, 24
        mov edx, 0x534D4150             ; "SMAP"
        mov dword [di + 20], 1          ; ACPI 3 attribute: valid, for a BIOS that gives 20 bytes
        int 0x15
        jc .mapped
        cmp eax, 0x534D4150
        jne .mapped
        add di, 24
        inc bp
        cmp bp, E820_MAX
        je .mapped
        test ebx, ebx
        jnz .entry
.mapped:
        mov [BOOT_FACTS + 4], bp

; ---- A20: ask, and then see to it
        mov ax, 0x2401
        int 0x15
        in al, 0x92
        test al, 2
        jnz .a20
        or al, 2
        and al, 0xFE                    ; bit 0 resets the machine
        out 0x92, al
.a20:
        cli
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 0x08:protected

unreadable:
        mov si, .text
.next:  lodsb
        test al, al
        jz .stop
        mov ah, 0x0E
        mov bx, 7
        int 0x10
        mov dx, 0x3F8                   ; and on COM1, so that a test sees it too
        out dx, al
        jmp .next
.stop:  cli
        hlt
        jmp .stop
.text:  db "The ", DISC_NAME, " could not be read. Put it in again and restart.", 13, 10, 0

packet: db 16, 0
.count: dw 0
        dw 0
.segment: dw KERNEL >> 4
.lba:   dq 0
left:   dw 0
wanted: dw 0
tries:  db 0

        align 8
gdt:    dq 0
        dq 0x00CF9A000000FFFF           ; 08 code, 32-bit, flat
        dq 0x00CF92000000FFFF           ; 10 data, flat
        dq 0x00009A000000FFFF           ; 18 code, 16-bit, 64 KiB
        dq 0x000092000000FFFF           ; 20 data, 16-bit, 64 KiB
gdt_pointer:
        dw gdt_pointer - gdt - 1
        dd gdt
real_idt:
        dw 0x3FF
        dd 0

        bits 32
protected:
        mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        jmp 0x08:KERNEL

; ---- void bios_call(void): one BIOS interrupt, registers in and out at BIOS_REGS:
;      eax ebx ecx edx esi edi ebp (dwords), ds es flags (words), the interrupt's number (byte).
;      The caller has masked every IRQ: the BIOS's vectors are not where the kernel's PIC points.
        times (BIOS_CALL - LOADER) - ($ - $$) db 0
bios_call:
        pushad
        pushfd
        cli
        mov [saved_esp], esp
        sidt [saved_idt]
        lidt [real_idt]
        jmp 0x18:.narrow
        bits 16
.narrow:
        mov ax, 0x20
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov eax, cr0
        and al, 0xFE
        mov cr0, eax
        jmp 0:.real
.real:  xor ax, ax
        mov ss, ax
        mov ds, ax
        mov fs, ax
        mov gs, ax
        mov sp, REAL_STACK
        mov al, [BIOS_REGS + 34]
        mov [.number + 1], al
        jmp $ + 2                       ; the instruction below has just been changed
        mov ebx, [BIOS_REGS + 4]
        mov ecx, [BIOS_REGS + 8]
        mov edx, [BIOS_REGS + 12]
        mov esi, [BIOS_REGS + 16]
        mov edi, [BIOS_REGS + 20]
        mov ebp, [BIOS_REGS + 24]
        mov es, [BIOS_REGS + 30]
        mov eax, [BIOS_REGS]
        push word [BIOS_REGS + 28]
        pop ds
.number:
        int 0
        cli
        mov [cs:BIOS_REGS], eax
        mov [cs:BIOS_REGS + 4], ebx
        mov [cs:BIOS_REGS + 8], ecx
        mov [cs:BIOS_REGS + 12], edx
        mov [cs:BIOS_REGS + 16], esi
        mov [cs:BIOS_REGS + 20], edi
        mov [cs:BIOS_REGS + 24], ebp
        mov [cs:BIOS_REGS + 28], ds
        mov [cs:BIOS_REGS + 30], es
        pushf
        pop word [cs:BIOS_REGS + 32]
        cld
        xor ax, ax
        mov ds, ax
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 0x08:.wide
        bits 32
.wide:  mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        lidt [saved_idt]
        mov esp, [saved_esp]
        popfd
        popad
        ret

saved_esp: dd 0
saved_idt: dw 0
        dd 0

        times 2048 - ($ - $$) db 0
