/* libc/ under other names, but for the memory. */
#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

#include "../libc/include/string.h"

#include "../libc/include/stdlib.h"

#include "../libc/include/stdio.h"

#include "../libc/format.c"
#include "../libc/number.c"
#include "../libc/string.c"
