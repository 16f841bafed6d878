; The kernel's first instruction, and the stubs that bring interrupts to C.

        bits 32
        extern kernel_main, interrupt_dispatch, bss_start, bss_end, stack_top
        global interrupt_stubs, load_idt, triple_fault

        section .text.start
        mov esp, stack_top
        mov edi, bss_start
        mov ecx, bss_end
        sub ecx, edi
        shr ecx, 2
        xor eax, eax
        cld
        rep stosd
        call kernel_main
.stop:  cli
        hlt
        jmp .stop

        section .text
load_idt:
        mov eax, [esp + 4]
        lidt [eax]
        ret

; An interrupt with no table to look it up in, no table for the fault that makes, and none for
; the fault of that one: the processor gives up and shuts down.
triple_fault:
        lidt [.nothing]
        int3
.nothing:
        dw 0
        dd 0

; 32 exceptions, then the 16 lines of the two PICs at vectors 0x20 to 0x2F.
%macro stub 1
stub_%1:
%if %1 != 8 && (%1 < 10 || %1 > 14) && %1 != 17
        push dword 0                    ; the processor pushes no error code for this one
%endif
        push dword %1
        jmp to_c
%endmacro
%assign n 0
%rep 48
        stub n
%assign n n + 1
%endrep

to_c: pushad
        cld
        push esp
        call interrupt_dispatch
        add esp, 4
        popad
        add esp, 8
        iretd

        section .rodata
interrupt_stubs:
%assign n 0
%rep 48
%xdefine name stub_ %+ n
        dd name
%assign n n + 1
%endrep
