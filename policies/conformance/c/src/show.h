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
show show_figure, show_pressure_kind, show_pressure;
show show_setting, show_sysctl_number;
show show_limited, show_status, show_limit, show_descriptors, show_executable;
show show_process_memory, show_mappings, show_watches, show_started;
show show_memberships, show_control, show_member, show_resource_kind, show_levels;
show show_list_event;
show show_list_program, show_elf_file, show_option_launch, show_resolution;
show show_list_version_need, show_list_section, show_list_dlopen_note, show_cache;
show show_list_stale_entry;
show show_scope, show_list_start, show_list_hidden;
show show_go_program, show_list_go_module, show_function_filter, show_list_go_function;
show show_call_filter, show_list_go_call;
show show_manager, show_order, show_list_database, show_installed, show_list_installed;
show show_tool;
show show_coverage, show_list_line, show_list_memory_kill;
show show_counter, show_sockets, show_list_listener;
show show_stores, show_list_certificate, show_layout, show_pool_request, show_pool;
show show_list_pool_certificate, show_details, show_known_roots, show_known_root;
show show_list_known_root, show_list_drift;
show show_filter, show_page;
show show_variable;
show show_stat, show_file_text, show_listing, show_attribute, show_space;
show show_option_source;

#endif
