; The probe's first instruction, a stub for each of the 256 vectors, and the way out of an exception.

        bits 32
        extern probe_main, interrupt_came, bss_start, bss_end, stack_top
        global vector_stubs, attempt, idt_load, fault_into_task, double_fault_task, escape_eip, escape_cs

        section .text.start
        mov esp, stack_top
        mov edi, bss_start
        mov ecx, bss_end
        sub ecx, edi
        shr ecx, 2
        xor eax, eax
        cld
        rep stosd
        call probe_main
.stop:  cli
        hlt
        jmp .stop

        section .text
idt_load:
        mov eax, [esp + 4]
        lidt [eax]
        ret

; u32 attempt(void (*f)(void)): 0, or 1 + the vector of the exception that ended f.
attempt:
        push ebp
        push ebx
        push esi
        push edi
        mov [saved_esp], esp
        mov byte [armed], 1
        call [esp + 20]
        xor eax, eax
back:   mov byte [armed], 0
        cli
        pop edi
        pop esi
        pop ebx
        pop ebp
        ret

exception:                              ; on the stack: vector, error code, eip, cs, eflags
        cmp byte [armed], 1
        jne .unexpected
        mov eax, [esp]
        inc eax
        mov esp, [saved_esp]
        cld
        jmp back
.unexpected:
        pushad
        cld
        push esp
        call interrupt_came
        add esp, 4
        popad
        add esp, 8
        iretd

%macro stub 1
stub_%1:
%if %1 != 8 && (%1 < 10 || %1 > 14) && %1 != 17
        push dword 0                    ; the processor pushes no error code for this one
%endif
        push dword %1
%if %1 < 32 && %1 != 2
        jmp exception
%else
        jmp interrupt
%endif
%endmacro
%assign n 0
%rep 256
        stub n
%assign n n + 1
%endrep

interrupt:
        pushad
        cld
        push esp
        call interrupt_came
        add esp, 4
        popad
        add esp, 8
        iretd

; bool fault_into_task(void): a fault whose gate is absent, so that vector 8 is taken, through its task gate.
; The task it reaches jumps back here by a far jump to the first task's selector.
fault_into_task:
        push ebp
        push ebx
        push esi
        push edi
        mov [saved_esp], esp
        mov ax, 0x1000                  ; a selector beyond the table: #GP
        mov ds, ax
        xor eax, eax                    ; not reached
        jmp .out
.out:   pop edi
        pop esi
        pop ebx
        pop ebp
        ret

; The double fault's own task. It does not return: it goes on in C with what it found.
double_fault_task:
        mov esp, [saved_esp]
        mov eax, 1
        jmp fault_into_task.out

        section .bss
saved_esp: resd 1
armed:  resd 1

        section .rodata
vector_stubs:
%assign n 0
%rep 256
%xdefine name stub_ %+ n
        dd name
%assign n n + 1
%endrep
