/* The kit's C library does what the host's does. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "check.h"

int kit_snprintf(char *to, size_t size, const char *format, ...);
size_t kit_strlen(const char *text);
size_t kit_strnlen(const char *text, size_t most);
int kit_memcmp(const void *left, const void *right, size_t size);
void *kit_memchr(const void *in, int byte, size_t size);
int kit_strcmp(const char *left, const char *right);
int kit_strncmp(const char *left, const char *right, size_t most);
char *kit_strchr(const char *text, int character);
char *kit_strrchr(const char *text, int character);
char *kit_strstr(const char *text, const char *part);
size_t kit_strspn(const char *text, const char *accepted);
size_t kit_strcspn(const char *text, const char *refused);
char *kit_strdup(const char *text);
char *kit_strndup(const char *text, size_t most);
long kit_strtol(const char *text, char **end, int base);
unsigned long kit_strtoul(const char *text, char **end, int base);
long long kit_strtoll(const char *text, char **end, int base);
unsigned long long kit_strtoull(const char *text, char **end, int base);
void kit_qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));
void *kit_bsearch(const void *key, const void *items, size_t count, size_t size,
                  int (*compare)(const void *, const void *));

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

/* Text of few different characters, so that searches find something. It fills
 * its memory, so that the sanitizer sees who reads behind it. */
static char *some_text(size_t most)
{
    static const char characters[] = "ab\xc3\xff A0";
    size_t length = next_number() % (most + 1);
    char *text = malloc(length + 1);
    for (size_t at = 0; at < length; at++) {
        text[at] = characters[next_number() % (sizeof characters - 1)];
    }
    text[length] = '\0';
    return text;
}

static void test_strings(void)
{
    for (int round = 0; round < 20000; round++) {
        char *one = some_text(12);
        char *other = some_text(3);
        size_t most = next_number() % 14;
        int character = other[0];
        size_t size = strlen(one) + 1;
        CHECK(kit_strlen(one) == strlen(one), "%s", one);
        CHECK(kit_strnlen(one, most) == strnlen(one, most), "%s %zu", one, most);
        CHECK(sign(kit_strcmp(one, other)) == sign(strcmp(one, other)), "%s %s", one, other);
        CHECK(sign(kit_strncmp(one, other, most)) == sign(strncmp(one, other, most)), "%s", one);
        CHECK(sign(kit_memcmp(one, other, 1)) == sign(memcmp(one, other, 1)), "%s", one);
        CHECK(kit_memchr(one, character, size) == memchr(one, character, size), "%s", one);
        CHECK(kit_strchr(one, character) == strchr(one, character), "%s", one);
        CHECK(kit_strrchr(one, character) == strrchr(one, character), "%s", one);
        CHECK(kit_strstr(one, other) == strstr(one, other), "%s %s", one, other);
        CHECK(kit_strspn(one, other) == strspn(one, other), "%s %s", one, other);
        CHECK(kit_strcspn(one, other) == strcspn(one, other), "%s %s", one, other);
        char *copy = kit_strdup(one);
        CHECK(strcmp(copy, one) == 0, "%s", one);
        free(copy);
        copy = kit_strndup(one, most);
        CHECK(strncmp(copy, one, most) == 0 && strlen(copy) <= most, "%s", one);
        free(copy);
        free(one);
        free(other);
    }
}

static void check_number(const char *text, int base)
{
    char *end, *wanted_end;
    CHECK(kit_strtol(text, &end, base) == strtol(text, &wanted_end, base), "%s", text);
    CHECK(end == wanted_end, "%s in base %d", text, base);
    CHECK(kit_strtoll(text, NULL, base) == strtoll(text, NULL, base), "%s", text);
    CHECK(kit_strtoul(text, &end, base) == strtoul(text, &wanted_end, base), "%s", text);
    CHECK(end == wanted_end, "%s in base %d", text, base);
    CHECK(kit_strtoull(text, NULL, base) == strtoull(text, NULL, base), "%s", text);
}

static void test_numbers(void)
{
    static const char *const texts[] = {
        "", " ", "-", "+", "0", "00", "007", "08", "0x", "0X", "0xg", "-0x", "0x7fZ", "-0xFF",
        "  \t\n\v\f\r+12 ", "- 1", "--1", "12abc", "zz", "1\xc3",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "-18446744073709551615", "-18446744073709551616", "99999999999999999999999999",
        "-99999999999999999999999999",
    };
    static const int bases[] = {0, 2, 8, 10, 16, 36};
    for (size_t base = 0; base < sizeof bases / sizeof *bases; base++) {
        for (size_t number = 0; number < sizeof texts / sizeof *texts; number++) {
            check_number(texts[number], bases[base]);
        }
        for (int round = 0; round < 2000; round++) {
            char text[64];
            snprintf(text, sizeof text, round % 2 == 0 ? "%lld" : "0x%llx",
                     (long long)(next_number() >> next_number() % 64));
            check_number(text, bases[base]);
        }
    }
}

/* Compares one conversion at every size of the memory that it goes to. */
#define CHECK_FORMAT(format, ...)                                                        \
    do {                                                                                 \
        char wanted[128], given[128];                                                    \
        for (size_t size = 0; size < sizeof wanted; size += 1 + size / 3) {              \
            memset(wanted, '!', sizeof wanted);                                          \
            memset(given, '!', sizeof given);                                            \
            int length = snprintf(wanted, size, format, __VA_ARGS__);                    \
            CHECK(kit_snprintf(given, size, format, __VA_ARGS__) == length, "%s", format); \
            CHECK(memcmp(wanted, given, sizeof wanted) == 0, "%s: %.127s, not %.127s",   \
                  format, given, wanted);                                                \
        }                                                                                \
    } while (0)

/* Formats are made here, and of conversions that go with the argument. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-truncation"

static void test_formats(void)
{
    static const char *const flags[] = {"", "-", "0", "+", " ", "#", "-0", "+0", "-#", "0#", "+ "};
    static const char *const widths[] = {"", "1", "12", ".0", ".1", ".7", "12.7", "3.12", "5."};
    static const char *const lengths[] = {"hh", "h", "", "l", "ll", "z", "j", "t"};
    static const char letters[] = "diuoxX";
    static const long long numbers[] = {0, 1, -1, 7, 8, 255, -128, 32767, INT_MAX, INT_MIN,
                                        LLONG_MAX, LLONG_MIN};
    char format[32];
    for (size_t flag = 0; flag < sizeof flags / sizeof *flags; flag++) {
        for (size_t width = 0; width < sizeof widths / sizeof *widths; width++) {
            for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length++) {
                for (const char *letter = letters; *letter != '\0'; letter++) {
                    snprintf(format, sizeof format, "<%%%s%s%s%c>", flags[flag], widths[width],
                             lengths[length], *letter);
                    for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++) {
                        CHECK_FORMAT(format, numbers[at]);
                    }
                }
            }
        }
    }
    CHECK_FORMAT("%s and %s%%", "one", "");
    CHECK_FORMAT("%8s|%-8s|%.2s|%8.2s|", "text", "text", "text", "text");
    CHECK_FORMAT("%.*s|%*s|%-*s|%*s", 2, "text", 8, "text", 8, "text", -8, "text");
    CHECK_FORMAT("%.*d|%.*d", -1, 0, 0, 0);
    CHECK_FORMAT("%c%3c%-3c|", 'a', 'b', 'c');
    CHECK_FORMAT("%p", (void *)0x1234);
    CHECK_FORMAT("%" PRIu64 " %" PRId64 " %" PRIu8 "größe", UINT64_MAX, INT64_MIN, (uint8_t)255);
    /* Text that has no end is read only as far as it is asked for. */
    char *bare = malloc(3);
    memcpy(bare, "abc", 3);
    CHECK_FORMAT("%.*s", 3, bare);
    free(bare);
}

static int compare_ints(const void *left, const void *right)
{
    int one = *(const int *)left, other = *(const int *)right;
    return (one > other) - (one < other);
}

static void test_order(void)
{
    for (int round = 0; round < 2000; round++) {
        size_t count = next_number() % 40;
        int *items = malloc((count + 1) * sizeof *items);
        int *wanted = malloc((count + 1) * sizeof *wanted);
        for (size_t at = 0; at < count; at++) {
            items[at] = wanted[at] = (int)(next_number() % 30);
        }
        kit_qsort(items, count, sizeof *items, compare_ints);
        qsort(wanted, count, sizeof *wanted, compare_ints);
        CHECK(memcmp(items, wanted, count * sizeof *items) == 0, "%zu items", count);
        for (int key = -1; key < 31; key++) {
            int *given = kit_bsearch(&key, items, count, sizeof *items, compare_ints);
            int *found = bsearch(&key, items, count, sizeof *items, compare_ints);
            CHECK((given == NULL) == (found == NULL), "%d in %zu items", key, count);
            CHECK(given == NULL || *given == key, "%d in %zu items", key, count);
        }
        free(items);
        free(wanted);
    }
}

int main(void)
{
    test_strings();
    test_numbers();
    test_formats();
    test_order();
    return 0;
}
