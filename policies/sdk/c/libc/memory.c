/*
 * Of stdlib.h, the memory: blocks of 16, 32, 64 ... bytes behind the program's
 * data, with a list of free blocks for each size. Pages of the machine are asked
 * for as they are needed, up to the engine's limit.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 65536
#define LEAST 16
#define CLASSES 28

/* States of a block, as numbers that are not there by chance. */
#define USED 0x75736564
#define FREE 0x66726565

/* Before each block, and of such a size that blocks are aligned for everything. */
typedef struct header {
    _Alignas(16) uint32_t state;
    uint32_t class;
    struct header *next;
} header;

_Static_assert(sizeof(header) == 16, "blocks are aligned");

/* Where the linker says that the program's data end. */
extern unsigned char __heap_base;

static header *free_blocks[CLASSES];
static uintptr_t top;

/* The size of a class of blocks. */
static size_t size_of(uint32_t class)
{
    return (size_t)LEAST << class;
}

/* Takes memory behind what is used; NULL where there is no more. */
static header *extend(size_t size)
{
    if (top == 0) {
        top = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    }
    uint64_t end = (uint64_t)top + sizeof(header) + size;
    uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
    if (end > have) {
        size_t pages = (size_t)((end - have + PAGE - 1) / PAGE);
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) {
            return NULL;
        }
    }
    header *block = (header *)top;
    top = (uintptr_t)end;
    return block;
}

/* The header of a block that is in use; all else is a fault of the program. */
static header *header_of(void *memory)
{
    header *block = (header *)memory - 1;
    if (((uintptr_t)memory & 15) != 0 || block->state != USED || block->class >= CLASSES) {
        abort();
    }
    return block;
}

void *malloc(size_t size)
{
    uint32_t class = 0;
    while (class < CLASSES && size_of(class) < size) {
        class ++;
    }
    if (class == CLASSES) {
        return NULL;
    }
    header *block = free_blocks[class];
    if (block != NULL) {
        free_blocks[class] = block->next;
    } else if ((block = extend(size_of(class))) == NULL) {
        return NULL;
    }
    *block = (header){.state = USED, .class = class};
    return block + 1;
}

void free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    header *block = header_of(memory);
    block->state = FREE;
    block->next = free_blocks[block->class];
    free_blocks[block->class] = block;
}

void *calloc(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        return NULL;
    }
    void *memory = malloc(all);
    return memory == NULL ? NULL : memset(memory, 0, all);
}

void *realloc(void *memory, size_t size)
{
    if (memory == NULL) {
        return malloc(size);
    }
    size_t before = size_of(header_of(memory)->class);
    if (size <= before) {
        return memory;
    }
    void *larger = malloc(size);
    if (larger != NULL) {
        memcpy(larger, memory, before);
        free(memory);
    }
    return larger;
}

_Noreturn void abort(void)
{
    __builtin_trap();
}
