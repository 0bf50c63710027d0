/* Of stdlib.h, the numbers, and what sorts and searches. */

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int digit(char character)
{
    if (isdigit(character)) {
        return character - '0';
    }
    return isalpha(character) ? tolower(character) - 'a' + 10 : INT_MAX;
}

/* The number behind blanks and a sign, and whether the sign is a minus. A
 * number above `most` is `most`, and out of range. */
static unsigned long long parse(const char *text, char **end, int base, bool *negative,
                                bool *over)
{
    const char *at = text;
    while (isspace(*at)) {
        at++;
    }
    *negative = *at == '-';
    if (*at == '-' || *at == '+') {
        at++;
    }
    bool hexadecimal = at[0] == '0' && tolower(at[1]) == 'x' && digit(at[2]) < 16;
    if ((base == 0 || base == 16) && hexadecimal) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    const char *first = at;
    unsigned long long number = 0;
    *over = false;
    for (; digit(*at) < base; at++) {
        unsigned long long next;
        *over |= __builtin_mul_overflow(number, (unsigned long long)base, &next) ||
                 __builtin_add_overflow(next, (unsigned long long)digit(*at), &next);
        number = next;
    }
    if (end != NULL) {
        *end = (char *)(at == first ? text : at);
    }
    return number;
}

static long long bounded(const char *text, char **end, int base, long long least, long long most)
{
    bool negative, over;
    unsigned long long number = parse(text, end, base, &negative, &over);
    if (negative) {
        bool below = over || number > -(unsigned long long)least;
        return below ? least : (long long)-number;
    }
    return over || number > (unsigned long long)most ? most : (long long)number;
}

static unsigned long long bounded_unsigned(const char *text, char **end, int base,
                                           unsigned long long most)
{
    bool negative, over;
    unsigned long long number = parse(text, end, base, &negative, &over);
    if (over || number > most) {
        return most;
    }
    return negative ? -number & most : number;
}

long strtol(const char *restrict text, char **restrict end, int base)
{
    return (long)bounded(text, end, base, LONG_MIN, LONG_MAX);
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base)
{
    return (unsigned long)bounded_unsigned(text, end, base, ULONG_MAX);
}

long long strtoll(const char *restrict text, char **restrict end, int base)
{
    return bounded(text, end, base, LLONG_MIN, LLONG_MAX);
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base)
{
    return bounded_unsigned(text, end, base, ULLONG_MAX);
}

static void swap(char *left, char *right, size_t size)
{
    for (; size > 0; size--, left++, right++) {
        char byte = *left;
        *left = *right;
        *right = byte;
    }
}

/* Puts the item at `root` where it belongs among those below it. */
static void sift(char *items, size_t root, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (;;) {
        size_t greatest = root;
        for (size_t child = 2 * root + 1; child <= 2 * root + 2 && child < count; child++) {
            if (compare(items + child * size, items + greatest * size) > 0) {
                greatest = child;
            }
        }
        if (greatest == root) {
            return;
        }
        swap(items + root * size, items + greatest * size, size);
        root = greatest;
    }
}

/* Heapsort: no worst case, and the same order again for items that are equal. */
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t root = count / 2; root > 0; root--) {
        sift(items, root - 1, count, size, compare);
    }
    for (size_t last = count; last > 1; last--) {
        swap(items, (char *)items + (last - 1) * size, size);
        sift(items, 0, last - 1, size, compare);
    }
}

void *bsearch(const void *key, const void *items, size_t count, size_t size,
              int (*compare)(const void *, const void *))
{
    const char *low = items;
    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0) {
            return (void *)middle;
        }
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
