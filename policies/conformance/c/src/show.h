/* Writes values of the contract as text: policies/conformance/README.md. */
#ifndef SHOW_H
#define SHOW_H

#include "casefile.h"

/* Text that grows. */
typedef struct text {
    char *bytes;
    size_t length;
    size_t room;
} text;

/* Appends a value of the type that it is for. */
typedef void show(text *to, const void *value);

void append(text *to, const char *bytes, size_t length);
void append_chars(text *to, const char *chars);
casefile_string view_of(const text *shown);

/* A call: sysctl.get("fs.nr_open"). The arguments are pairs of a `show *` and
 * a pointer to the value. */
char *call(const char *function, size_t arguments, ...);

show show_bool, show_u8, show_u16, show_u32, show_u64, show_s64;
show show_string, show_chars, show_strings, show_u32s, show_option_string;
show show_absence, show_value, show_bytes;
show show_host_kind, show_os_release, show_kernel, show_memory, show_processors, show_mounts;
show show_setting, show_sysctl_number;
show show_limited, show_status, show_limit, show_descriptors, show_executable;
show show_memberships, show_control;
show show_programs, show_elf_file, show_resolution;
show show_stores, show_certificates;
show show_filter, show_page;
show show_variable;
show show_stat, show_file_text, show_listing, show_attribute;
show show_option_source;

#endif
