/* Gives the functions of libc/ names of their own, so that they can be compared
 * with those of the host. Only headers that are included before are the host's. */
#define memcpy kit_memcpy
#define memmove kit_memmove
#define memset kit_memset
#define memcmp kit_memcmp
#define memchr kit_memchr
#define strlen kit_strlen
#define strnlen kit_strnlen
#define strcmp kit_strcmp
#define strncmp kit_strncmp
#define strchr kit_strchr
#define strrchr kit_strrchr
#define strstr kit_strstr
#define strspn kit_strspn
#define strcspn kit_strcspn
#define strdup kit_strdup
#define strndup kit_strndup
#define strtol kit_strtol
#define strtoul kit_strtoul
#define strtoll kit_strtoll
#define strtoull kit_strtoull
#define qsort kit_qsort
#define bsearch kit_bsearch
#define snprintf kit_snprintf
#define vsnprintf kit_vsnprintf
