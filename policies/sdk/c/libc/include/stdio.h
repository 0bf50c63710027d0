#ifndef CASEFILE_LIBC_STDIO_H
#define CASEFILE_LIBC_STDIO_H

#include <stdarg.h>
#include <stddef.h>

__attribute__((format(printf, 3, 4))) int snprintf(char *restrict to, size_t size,
                                                   const char *restrict format, ...);
__attribute__((format(printf, 3, 0))) int vsnprintf(char *restrict to, size_t size,
                                                    const char *restrict format,
                                                    va_list arguments);

#endif
