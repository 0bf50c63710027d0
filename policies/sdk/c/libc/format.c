/* stdio.h: printf(3) into memory, without floating point. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the text goes: what does not fit is counted and dropped. */
typedef struct output {
    char *to;
    size_t size;
    size_t length;
} output;

/* One conversion: %-08.3llx. */
typedef struct conversion {
    bool left, zero, plus, blank, alternate;
    int width;
    int precision; /* -1 where there is none */
    int bytes;     /* of the argument */
} conversion;

static void put(output *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++, out->length++) {
        if (out->length + 1 < out->size) {
            out->to[out->length] = text[at];
        }
    }
}

static void fill(output *out, char with, int count)
{
    for (; count > 0; count--) {
        put(out, &with, 1);
    }
}

/* Text with blanks up to the width. */
static void put_padded(output *out, const conversion *spec, const char *text, int length)
{
    int padding = spec->width - length;
    if (!spec->left) {
        fill(out, ' ', padding);
    }
    put(out, text, (size_t)length);
    if (spec->left) {
        fill(out, ' ', padding);
    }
}

/* A number: blanks, prefix, zeros, digits, blanks. */
static void put_number(output *out, const conversion *spec, uint64_t number, unsigned base,
                       bool upper, const char *prefix)
{
    char digits[24];
    int length = 0;
    const char *names = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (uint64_t rest = number; rest > 0; rest /= base) {
        digits[length++] = names[rest % base];
    }
    int least = spec->precision >= 0 ? spec->precision : 1;
    if (spec->alternate && base == 8 && least <= length) {
        least = length + 1;
    }
    int prefixed = (int)strlen(prefix);
    if (spec->zero && !spec->left && spec->precision < 0 && spec->width - prefixed > least) {
        least = spec->width - prefixed;
    }
    int zeros = least > length ? least - length : 0;
    int padding = spec->width - prefixed - zeros - length;
    if (!spec->left) {
        fill(out, ' ', padding);
    }
    put(out, prefix, (size_t)prefixed);
    fill(out, '0', zeros);
    while (length > 0) {
        put(out, &digits[--length], 1);
    }
    if (spec->left) {
        fill(out, ' ', padding);
    }
}

static void put_signed(output *out, const conversion *spec, int64_t number)
{
    const char *sign = number < 0 ? "-" : spec->plus ? "+" : spec->blank ? " " : "";
    uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
    put_number(out, spec, size, 10, false, sign);
}

static void put_hexadecimal(output *out, const conversion *spec, uint64_t number, bool upper)
{
    const char *prefix = upper ? "0X" : "0x";
    put_number(out, spec, number, 16, upper, spec->alternate && number != 0 ? prefix : "");
}

static void put_string(output *out, const conversion *spec, const char *text)
{
    size_t most = spec->precision >= 0 ? (size_t)spec->precision : (size_t)INT32_MAX;
    put_padded(out, spec, text, (int)strnlen(text, most));
}

/* A number of the format, or `*`, an argument. */
static int count(const char **format, va_list *arguments)
{
    if (**format == '*') {
        (*format)++;
        return va_arg(*arguments, int);
    }
    int number = 0;
    for (; **format >= '0' && **format <= '9'; (*format)++) {
        number = number * 10 + (**format - '0');
    }
    return number;
}

static void read_flags(const char **format, conversion *spec)
{
    for (;; (*format)++) {
        switch (**format) {
        case '-': spec->left = true; break;
        case '0': spec->zero = true; break;
        case '+': spec->plus = true; break;
        case ' ': spec->blank = true; break;
        case '#': spec->alternate = true; break;
        default: return;
        }
    }
}

/* hh, h, l, ll, z, t, j: how many bytes the argument has. */
static int read_length(const char **format)
{
    static const struct {
        char text[3];
        uint8_t bytes;
    } lengths[] = {
        {"hh", sizeof(char)},   {"h", sizeof(short)},     {"ll", sizeof(long long)},
        {"l", sizeof(long)},    {"z", sizeof(size_t)},    {"t", sizeof(ptrdiff_t)},
        {"j", sizeof(intmax_t)},
    };
    for (size_t at = 0; at < sizeof lengths / sizeof *lengths; at++) {
        size_t size = strlen(lengths[at].text);
        if (strncmp(*format, lengths[at].text, size) == 0) {
            *format += size;
            return lengths[at].bytes;
        }
    }
    return sizeof(int);
}

static conversion read_conversion(const char **format, va_list *arguments)
{
    conversion spec = {.precision = -1};
    read_flags(format, &spec);
    spec.width = count(format, arguments);
    if (spec.width < 0) {
        spec.left = true;
        spec.width = -spec.width;
    }
    if (**format == '.') {
        (*format)++;
        spec.precision = count(format, arguments);
    }
    spec.bytes = read_length(format);
    return spec;
}

static int64_t signed_argument(int bytes, va_list *arguments)
{
    if (bytes > (int)sizeof(int)) {
        return va_arg(*arguments, long long);
    }
    int number = va_arg(*arguments, int);
    return bytes == 1 ? (signed char)number : bytes == 2 ? (short)number : number;
}

static uint64_t unsigned_argument(int bytes, va_list *arguments)
{
    if (bytes > (int)sizeof(int)) {
        return va_arg(*arguments, unsigned long long);
    }
    unsigned number = va_arg(*arguments, unsigned);
    return bytes == 1 ? (unsigned char)number : bytes == 2 ? (unsigned short)number : number;
}

static void convert(output *out, const char **format, va_list *arguments)
{
    conversion spec = read_conversion(format, arguments);
    char letter = *(*format)++;
    switch (letter) {
    case 'd':
    case 'i': put_signed(out, &spec, signed_argument(spec.bytes, arguments)); break;
    case 'u':
        put_number(out, &spec, unsigned_argument(spec.bytes, arguments), 10, false, "");
        break;
    case 'o':
        put_number(out, &spec, unsigned_argument(spec.bytes, arguments), 8, false, "");
        break;
    case 'x':
    case 'X':
        put_hexadecimal(out, &spec, unsigned_argument(spec.bytes, arguments), letter == 'X');
        break;
    case 'p':
        spec.alternate = true;
        put_hexadecimal(out, &spec, (uintptr_t)va_arg(*arguments, void *), false);
        break;
    case 'c': {
        char character = (char)va_arg(*arguments, int);
        put_padded(out, &spec, &character, 1);
        break;
    }
    case 's': put_string(out, &spec, va_arg(*arguments, const char *)); break;
    case '%': put(out, "%", 1); break;
    /* Floating point and what is no conversion: a fault of the program. */
    default: abort();
    }
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments)
{
    output out = {to, size, 0};
    va_list rest;
    va_copy(rest, arguments);
    const char *at = format;
    while (*at != '\0') {
        if (*at == '%') {
            at++;
            convert(&out, &at, &rest);
        } else {
            put(&out, at++, 1);
        }
    }
    va_end(rest);
    if (size > 0) {
        to[out.length < size ? out.length : size - 1] = '\0';
    }
    return (int)out.length;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return length;
}
