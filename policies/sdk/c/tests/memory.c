/* The kit's memory: blocks are aligned, keep what is in them, and are apart;
 * what is freed is used again; the end of memory and wrong frees are noticed. */
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include "check.h"

/* The machine of the test: some pages, of which at first one is there. */
#define PAGES 64
static size_t pages = 1;
static jmp_buf trapped;

/* The kit's name of its beginning is the linker's. */
_Alignas(65536) unsigned char machine[PAGES * 65536] __asm__("__heap_base");

static size_t grow(size_t more)
{
    if (more > PAGES - pages) {
        return (size_t)-1;
    }
    pages += more;
    return pages - more;
}

_Noreturn static void trap(void)
{
    longjmp(trapped, 1);
}

#define __builtin_wasm_memory_size(memory) (((uintptr_t)machine >> 16) + pages)
#define __builtin_wasm_memory_grow(memory, more) grow(more)
#define __builtin_trap trap
#define malloc kit_malloc
#define calloc kit_calloc
#define realloc kit_realloc
#define free kit_free
#define abort kit_abort

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);
_Noreturn void abort(void);

#include "../libc/memory.c"

#define BLOCKS 300

static struct {
    unsigned char *bytes;
    size_t size;
    unsigned char with;
} blocks[BLOCKS];

static void check_block(size_t number)
{
    for (size_t at = 0; at < blocks[number].size; at++) {
        CHECK(blocks[number].bytes[at] == blocks[number].with, "block %zu at %zu", number, at);
    }
}

static void write_block(size_t number, unsigned char *bytes, size_t size)
{
    CHECK(bytes != NULL, "%zu bytes", size);
    CHECK(((uintptr_t)bytes & 15) == 0, "%p", (void *)bytes);
    CHECK(bytes >= machine && bytes + size <= machine + pages * 65536, "%zu bytes", size);
    blocks[number].bytes = bytes;
    blocks[number].size = size;
    blocks[number].with = (unsigned char)next_number();
    memset(bytes, blocks[number].with, size);
}

static void test_blocks(void)
{
    for (int round = 0; round < 60000; round++) {
        size_t number = next_number() % BLOCKS;
        size_t size = next_number() % (1u << next_number() % 13);
        check_block(number);
        switch (next_number() % 3) {
        case 0:
            kit_free(blocks[number].bytes);
            write_block(number, kit_malloc(size), size);
            break;
        case 1: {
            size_t kept = size < blocks[number].size ? size : blocks[number].size;
            unsigned char *bytes = kit_realloc(blocks[number].bytes, size);
            for (size_t at = 0; at < kept; at++) {
                CHECK(bytes[at] == blocks[number].with, "%zu of %zu", at, kept);
            }
            write_block(number, bytes, size);
            break;
        }
        default: {
            kit_free(blocks[number].bytes);
            unsigned char *bytes = kit_calloc(size, 1);
            for (size_t at = 0; at < size; at++) {
                CHECK(bytes[at] == 0, "%zu of %zu", at, size);
            }
            write_block(number, bytes, size);
        }
        }
    }
    for (size_t number = 0; number < BLOCKS; number++) {
        check_block(number);
        kit_free(blocks[number].bytes);
    }
    CHECK(pages < PAGES, "all pages were used up by few blocks");
}

static void test_ends(void)
{
    CHECK(kit_malloc((size_t)PAGES * 65536) == NULL, "there is no more");
    CHECK(kit_malloc(SIZE_MAX) == NULL, "there is no more");
    CHECK(kit_calloc(SIZE_MAX / 2, 3) == NULL, "the product is too large");
    kit_free(NULL);
    unsigned char *bytes = kit_malloc(40);
    memset(bytes, 0, 40);
    static const int never = 0, twice = 1, inside = 2, odd = 3, foreign = 4;
    for (volatile int kind = never; kind <= foreign; kind++) {
        int ended = setjmp(trapped);
        if (ended == 0) {
            if (kind == twice) {
                unsigned char *other = kit_malloc(40);
                kit_free(other);
                kit_free(other);
            } else if (kind == inside) {
                kit_free(bytes + 16);
            } else if (kind == odd) {
                kit_free(bytes + 1);
            } else if (kind == foreign) {
                kit_realloc(machine + 32, 40);
            }
        }
        CHECK(ended == (kind != never), "kind %d", kind);
    }
}

int main(void)
{
    test_blocks();
    test_ends();
    return 0;
}
