; The boot image of a disc that stands in for one of Windows 7 in tests: nothing of Windows is in it. It gives, in their order, the
; signs that Windows Setup gives to somebody who looks on (docs/real-disc.md), each by the means that Setup has for it: the BIOS
; for the disc and the screen; then, with paging on, the chips, the bus master, a packet command, the mouse and the disk.
; After its restart the disk starts. It says each step on COM1.
; nasm -f bin -o stand-in.bin stand-in.asm
bits 16
org 0x7c00
IMAGE_BYTES equ 4096            ; eight sectors of 512, as the boot catalogs of Windows 7 discs say
PROMPT_TICKS equ 55             ; three seconds
PAGES equ 0x60000
PRD equ 0x61000
DMA_BUFFER equ 0x62000
CHUNK equ 16                    ; sectors of the disc in one read

    jmp 0:start
    times 8 - ($ - $$) db 0
; Where the files lie, by whoever makes the disc: LBA and number of sectors of bootmgr, boot/bcd and sources/boot.wim.
files: times 6 dd 0

start:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    sti
    cld
    mov [drive], dl
    mov si, say_prompt
    call say
    mov si, prompt
    call print
    mov ebx, [0x46c]
.wait:
    mov ah, 1
    int 0x16
    jnz .pressed
    mov eax, [0x46c]
    sub eax, ebx
    cmp eax, PROMPT_TICKS
    jb .wait
    mov si, say_next
    call say
    int 0x18                    ; the next thing to boot from: the disk
.pressed:
    xor ah, ah
    int 0x16
    mov si, loading
    call print
    mov di, files
    call read_file
    call read_file
    mov si, say_bootmgr
    call say
    call read_file
    mov si, say_wim
    call say
    mov ax, 0x4f02              ; VBE 800 x 600, 16 bits a pixel, linear
    mov bx, 0x4114
    int 0x10
    mov si, say_mode
    call say

    cli
    lgdt [gdtr]
    mov eax, cr0
    or al, 1
    mov cr0, eax
    jmp 8:kernel

; The file at [di], whose entry is stepped over, a chunk at a time.
read_file:
    mov eax, [di]
    mov [packet.lba], eax
    mov ecx, [di + 4]
    add di, 8
.more:
    jecxz .done
    mov eax, ecx
    cmp eax, CHUNK
    jbe .few
    mov eax, CHUNK
.few:
    mov [packet.count], ax
    sub ecx, eax
    push ecx
    push eax
    mov ah, 0x42
    mov dl, [drive]
    mov si, packet
    int 0x13
    pop eax
    pop ecx
    jc .failed
    add [packet.lba], eax
    jmp .more
.failed:
    mov si, say_failed
    call say
    hlt
    jmp .failed
.done:
    ret

print:
    lodsb
    test al, al
    jz .done
    mov ah, 0x0e
    mov bx, 7
    int 0x10
    jmp print
.done:
    ret
say:
    lodsb
    test al, al
    jz .done
    mov ah, al
    mov dx, 0x3fd
.wait:
    in al, dx
    test al, 0x20
    jz .wait
    mov al, ah
    mov dx, 0x3f8
    out dx, al
    jmp say
.done:
    ret

drive: db 0
align 4
packet:
    db 16, 0
.count: dw 0
    dw 0, 0x2000                ; to 2000:0000
.lba: dd 0, 0
align 8
gdt: dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:
    dw 23
    dd gdt

prompt: db 13, 10, "Press any key to boot from CD or DVD.....", 0
loading: db 13, 10, "Windows is loading files...", 0
say_prompt: db "STAND-IN prompt", 10, 0
say_next: db "STAND-IN next", 10, 0
say_bootmgr: db "STAND-IN bootmgr", 10, 0
say_wim: db "STAND-IN boot.wim", 10, 0
say_mode: db "STAND-IN mode", 10, 0
say_hal: db "STAND-IN hal", 10, 0
say_dma: db "STAND-IN dma", 10, 0
say_poll: db "STAND-IN polling", 10, 0
say_setup: db "STAND-IN setup", 10, 0
say_written: db "STAND-IN written", 10, 0
say_failed: db "STAND-IN failed", 10, 0

bits 32
kernel:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov esp, 0x90000
    mov edi, PAGES              ; the first 4 MiB, where they are, in one page
    mov ecx, 1024
    xor eax, eax
    rep stosd
    mov dword [PAGES], 0x83
    mov eax, cr4
    or al, 0x10
    mov cr4, eax
    mov eax, PAGES
    mov cr3, eax
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
    jmp .paged
.paged:
    ; the 8259s: vectors from 30h, all masked
    mov al, 0x11
    out 0x20, al
    out 0xa0, al
    mov al, 0x30
    out 0x21, al
    mov al, 0x38
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
    ; counter 0: 100 times a second
    mov al, 0x34
    out 0x43, al
    mov ax, 11932
    out 0x40, al
    mov al, ah
    out 0x40, al
    mov esi, say_hal
    call say32

    ; one sector of the disc by the bus master of the secondary channel
    mov edi, 0x80000008         ; the class of each function, until it is an IDE controller's
.function:
    mov eax, edi
    mov dx, 0xcf8
    out dx, eax
    mov dx, 0xcfc
    in eax, dx
    shr eax, 16
    cmp eax, 0x0101
    je .controller
    add edi, 0x100
    cmp edi, 0x80010000
    jb .function
    jmp failed
.controller:
    lea eax, [edi - 4]          ; its command register: it may be bus master
    mov dx, 0xcf8
    out dx, eax
    mov dx, 0xcfc
    in ax, dx
    or al, 5
    out dx, ax
    lea eax, [edi + 0x18]       ; BAR 4
    mov dx, 0xcf8
    out dx, eax
    mov dx, 0xcfc
    in eax, dx
    and eax, 0xfff0
    lea ebx, [eax + 8]
    mov dword [PRD], DMA_BUFFER
    mov dword [PRD + 4], 0x80000000 | 2048
    lea edx, [ebx + 4]
    mov eax, PRD
    out dx, eax
    lea edx, [ebx + 2]
    mov al, 6
    out dx, al
    mov ecx, 1                  ; the features register: by DMA
    mov esi, cdb_read
    call packet_command
    mov edx, ebx
    mov al, 9
    out dx, al
    lea edx, [ebx + 2]
.moving:
    in al, dx
    test al, 1
    jnz .moving
    mov edx, ebx
    xor al, al
    out dx, al
    cmp dword [DMA_BUFFER + 1], 'CD00'
    jne failed
    mov esi, say_dma
    call say32

    ; GET EVENT STATUS NOTIFICATION, by PIO
    xor ecx, ecx
    mov esi, cdb_event
    call packet_command
    mov dx, 0x177
.event:
    in al, dx
    test al, 0x80
    jnz .event
    test al, 0x08
    jz .told
    mov dx, 0x170
    in ax, dx
    mov dx, 0x177
    jmp .event
.told:
    mov esi, say_poll
    call say32

    ; the mouse: its port on, its reports on, its answer taken
    mov al, 0xa8
    call to_controller
    mov al, 0xd4
    call to_controller
    call controller_ready
    mov al, 0xf4
    out 0x60, al
.answer:
    in al, 0x64
    test al, 1
    jz .answer
    in al, 0x60
    cmp al, 0xfa
    jne .answer
    mov esi, say_setup
    call say32
    call next_second            ; Setup stays for longer than a picture of the browser's
    call next_second

    ; the disk's first sectors: the master boot record and what it reads
    xor ebx, ebx
    mov esi, mbr
.sector:
    call write_sector
    inc ebx
    cmp ebx, 2
    jb .sector
    call disk_ready
    mov dx, 0x1f7
    mov al, 0xe7                ; FLUSH CACHE
    out dx, al
    call disk_ready
    mov esi, say_written
    call say32
    mov al, 0xfe                ; the controller's reset of the processor
    call to_controller
.end:
    hlt
    jmp .end

failed:
    mov esi, say_failed
    call say32
.stay:
    hlt
    jmp .stay

; A packet to the disc drive: ecx the features, esi twelve bytes.
packet_command:
    mov dx, 0x376
    mov al, 2                   ; without an interrupt
    out dx, al
    mov dx, 0x176
    mov al, 0xa0
    out dx, al
    mov dx, 0x171
    mov al, cl
    out dx, al
    mov dx, 0x174
    mov al, 0
    out dx, al
    inc dx
    mov al, 8
    out dx, al
    mov dx, 0x177
    mov al, 0xa0
    out dx, al
.wait:
    in al, dx
    and al, 0x88
    cmp al, 0x08
    jne .wait
    mov dx, 0x170
    mov ecx, 6
    rep outsw
    ret

; Sector ebx of the disk from esi, which goes on.
write_sector:
    call disk_ready
    mov dx, 0x3f6
    mov al, 2
    out dx, al
    mov dx, 0x1f2
    mov al, 1
    out dx, al
    inc dx
    mov al, bl
    out dx, al
    inc dx
    xor al, al
    out dx, al
    inc dx
    out dx, al
    inc dx
    mov al, 0xe0
    out dx, al
    inc dx
    mov al, 0x30
    out dx, al
.wait:
    in al, dx
    and al, 0x88
    cmp al, 0x08
    jne .wait
    mov dx, 0x1f0
    mov ecx, 256
    rep outsw
    ret
; Waits until the clock's second is another.
next_second:
    xor al, al
    out 0x70, al
    in al, 0x71
    mov ah, al
.same:
    xor al, al
    out 0x70, al
    in al, 0x71
    cmp al, ah
    je .same
    ret
disk_ready:
    mov dx, 0x1f7
.wait:
    in al, dx
    test al, 0x80
    jnz .wait
    ret
to_controller:
    push eax
    call controller_ready
    pop eax
    out 0x64, al
    ret
controller_ready:
    in al, 0x64
    test al, 2
    jnz controller_ready
    ret
say32:
    lodsb
    test al, al
    jz .done
    mov ah, al
    mov dx, 0x3fd
.wait:
    in al, dx
    test al, 0x20
    jz .wait
    mov al, ah
    mov dx, 0x3f8
    out dx, al
    jmp say32
.done:
    ret
cdb_read: db 0x28, 0, 0, 0, 0, 16, 0, 0, 1, 0, 0, 0
cdb_event: db 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8, 0, 0, 0

; ---- what is written to the disk: two sectors
align 16
mbr:
bits 16
; Runs at 7C00h and holds no address of its own.
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    cld
    mov ax, 0x0201              ; the sector behind this one
    mov bx, 0x7e00
    mov cx, 0x0002
    mov dx, 0x0080
    int 0x13
    jc .stay
    mov si, 0x7e00
.next:
    lodsb
    test al, al
    jz .stay
    mov dx, 0x3f8
    out dx, al
    mov ah, 0x0e
    mov bx, 7
    int 0x10
    jmp .next
.stay:
    hlt
    jmp .stay
    times 446 - ($ - mbr) db 0
    db 0x80, 1, 1, 0, 7, 0xfe, 0xff, 0xff ; one active partition, of NTFS by its number
    dd 2048, 8192
    times 510 - ($ - mbr) db 0
    dw 0xaa55
    db "STAND-IN second start", 10, 0
    times 1024 - ($ - mbr) db 0
    times IMAGE_BYTES - ($ - $$) db 0
