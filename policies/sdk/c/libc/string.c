/* string.h. The copies and fills are instructions of the machine. */

#include <stdlib.h>
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size)
{
    return __builtin_memset(to, byte, size);
}

int memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *one = left, *other = right;
    for (; size > 0; size--, one++, other++) {
        if (*one != *other) {
            return *one - *other;
        }
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t size)
{
    const unsigned char *at = in;
    for (; size > 0; size--, at++) {
        if (*at == (unsigned char)byte) {
            return (void *)at;
        }
    }
    return NULL;
}

size_t strnlen(const char *text, size_t most)
{
    size_t length = 0;
    while (length < most && text[length] != '\0') {
        length++;
    }
    return length;
}

size_t strlen(const char *text)
{
    return strnlen(text, (size_t)-1);
}

int strncmp(const char *left, const char *right, size_t most)
{
    const unsigned char *one = (const unsigned char *)left;
    const unsigned char *other = (const unsigned char *)right;
    for (; most > 0; most--, one++, other++) {
        if (*one != *other || *one == '\0') {
            return *one - *other;
        }
    }
    return 0;
}

int strcmp(const char *left, const char *right)
{
    return strncmp(left, right, (size_t)-1);
}

char *strchr(const char *text, int character)
{
    return memchr(text, character, strlen(text) + 1);
}

char *strrchr(const char *text, int character)
{
    for (size_t at = strlen(text) + 1; at > 0; at--) {
        if (text[at - 1] == (char)character) {
            return (char *)text + at - 1;
        }
    }
    return NULL;
}

char *strstr(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (;; text++) {
        if (strncmp(text, part, length) == 0) {
            return (char *)text;
        }
        if (*text == '\0') {
            return NULL;
        }
    }
}

/* How many characters at the beginning are in a set, or are not. */
static size_t span(const char *text, const char *set, int in)
{
    size_t length = 0;
    while (text[length] != '\0' && (strchr(set, text[length]) != NULL) == in) {
        length++;
    }
    return length;
}

size_t strspn(const char *text, const char *accepted)
{
    return span(text, accepted, 1);
}

size_t strcspn(const char *text, const char *refused)
{
    return span(text, refused, 0);
}

char *strndup(const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, (size_t)-1);
}
