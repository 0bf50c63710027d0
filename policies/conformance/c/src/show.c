/* How a record, a list, a variant is written, and then one line for each type. */

#include "show.h"

#include <stdarg.h>
#include <stdlib.h>

/* ---- Text ---- */

void append(text *to, const char *bytes, size_t length)
{
    if (to->length + length > to->room) {
        to->room = 2 * (to->length + length);
        to->bytes = realloc(to->bytes, to->room);
        if (to->bytes == NULL) {
            abort();
        }
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

void append_chars(text *to, const char *chars)
{
    append(to, chars, strlen(chars));
}

casefile_string view_of(const text *shown)
{
    return (casefile_string){(uint8_t *)shown->bytes, shown->length};
}

char *call(const char *function, size_t arguments, ...)
{
    text shown = {0};
    append_chars(&shown, function);
    append_chars(&shown, "(");
    va_list rest;
    va_start(rest, arguments);
    for (size_t number = 0; number < arguments; number++) {
        show *showing = va_arg(rest, show *);
        append_chars(&shown, number > 0 ? ", " : "");
        showing(&shown, va_arg(rest, const void *));
    }
    va_end(rest);
    append_chars(&shown, ")");
    return casefile_chars(view_of(&shown));
}

/* ---- The kinds of values ---- */

#define PLAIN(name, type, format)                                                        \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        append_chars(to, casefile_format("%" format, *(const type *)value));             \
    }
PLAIN(u8, uint8_t, PRIu8)
PLAIN(u16, uint16_t, PRIu16)
PLAIN(u32, uint32_t, PRIu32)
PLAIN(u64, uint64_t, PRIu64)
PLAIN(s64, int64_t, PRId64)

void show_bool(text *to, const void *value)
{
    append_chars(to, *(const bool *)value ? "true" : "false");
}

void show_string(text *to, const void *value)
{
    const casefile_string *string = value;
    append_chars(to, "\"");
    for (size_t at = 0; at < string->len; at++) {
        uint8_t byte = string->ptr[at];
        if (byte == '"' || byte == '\\') {
            append_chars(to, "\\");
        }
        if (byte < 0x20 || byte == 0x7f) {
            append_chars(to, casefile_format("\\u{%x}", byte));
        } else {
            append(to, (const char *)&byte, 1);
        }
    }
    append_chars(to, "\"");
}

void show_chars(text *to, const void *value)
{
    show_string(to, CASEFILE_STRING(value));
}

/* Every list of the contract is laid out like this one. */
typedef struct list {
    const char *items;
    size_t count;
} list;

static void show_items(text *to, const void *value, size_t size, show *showing)
{
    const list *all = value;
    append_chars(to, "[");
    for (size_t number = 0; number < all->count; number++) {
        append_chars(to, number > 0 ? ", " : "");
        showing(to, all->items + number * size);
    }
    append_chars(to, "]");
}

static void show_case(text *to, const char *name, show *showing, const void *value)
{
    append_chars(to, name);
    append_chars(to, "(");
    showing(to, value);
    append_chars(to, ")");
}

#define LIST(name, type, showing)                                                        \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        show_items(to, value, sizeof(type), show_##showing);                             \
    }

#define OPTION(name, type, showing)                                                      \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        const type *option = value;                                                      \
        if (option->is_some) {                                                           \
            show_case(to, "some", show_##showing, &option->val);                         \
        } else {                                                                         \
            append_chars(to, "none");                                                    \
        }                                                                                \
    }

#define ENUM(name, ...)                                                                  \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        static const char *const names[] = {__VA_ARGS__};                                \
        append_chars(to, names[*(const uint8_t *)value]);                                \
    }

/* A field of a record, or a case of a variant. */
typedef struct part {
    const char *name;
    show *showing; /* NULL for a case without a value */
    size_t offset;
} part;

/* A name of C as the contract has it: `id_like` is `id-like`. A keyword of C++
 * has an underscore behind it. */
static void append_name(text *to, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name != '_') {
            append(to, name, 1);
        } else if (name[1] != '\0') {
            append(to, "-", 1);
        }
    }
}

static void show_parts(text *to, const void *value, const part *parts, size_t count,
                       const char *around)
{
    append(to, around, 1);
    for (size_t number = 0; number < count; number++) {
        append_chars(to, number > 0 ? ", " : "");
        if (parts[number].name != NULL) {
            append_name(to, parts[number].name);
            append_chars(to, ": ");
        }
        parts[number].showing(to, (const char *)value + parts[number].offset);
    }
    append(to, around + 1, 1);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define RECORD(name, type, ...)                                                          \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        typedef type record;                                                             \
        static const part fields[] = {__VA_ARGS__};                                      \
        show_parts(to, value, fields, COUNT(fields), "{}");                              \
    }
#define FIELD(showing, member) {#member, show_##showing, offsetof(record, member)}

#define TUPLE(name, type, ...)                                                           \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        typedef type record;                                                             \
        static const part fields[] = {__VA_ARGS__};                                      \
        show_parts(to, value, fields, COUNT(fields), "()");                              \
    }
#define ITEM(showing, member) {NULL, show_##showing, offsetof(record, member)}

#define VARIANT(of, type, ...)                                                         \
    void show_##of(text *to, const void *value)                                        \
    {                                                                                    \
        const type *variant = value;                                                     \
        static const part cases[] = {__VA_ARGS__};                                       \
        const part *is = &cases[variant->tag];                                           \
        if (is->showing == NULL) {                                                       \
            append_chars(to, is->name);                                                  \
        } else {                                                                         \
            show_case(to, is->name, is->showing, &variant->val);                         \
        }                                                                                \
    }
#define CASE(name, showing) {name, show_##showing, 0}
#define EMPTY(name) {name, NULL, 0}

/* ---- The types ---- */

#define EVIDENCE FIELD(u32, evidence)

LIST(bytes, uint8_t, u8)
LIST(u32s, uint32_t, u32)
LIST(strings, casefile_string, string)
OPTION(option_bool, policy_option_bool_t, bool)
OPTION(option_u32, policy_option_u32_t, u32)
OPTION(option_u64, policy_option_u64_t, u64)
OPTION(option_s64, policy_option_s64_t, s64)
OPTION(option_string, policy_option_string_t, string)

ENUM(reason, "denied", "timed-out", "too-large", "redacted", "not-collected", "unreadable",
     "vanished", "not-regular", "malformed", "needs-running-kernel")
VARIANT(state, casefile_types_state_t, EMPTY("absent"), CASE("unknown", reason))
RECORD(absence, casefile_absence, FIELD(string, path), FIELD(state, state), FIELD(string, detail))
LIST(absences, casefile_absence, absence)
VARIANT(value, casefile_types_value_t, CASE("boolean", bool), CASE("integer", s64),
        CASE("text", string), CASE("texts", strings))

RECORD(assignment, casefile_host_assignment_t, FIELD(string, name), FIELD(string, value))
LIST(list_assignment, casefile_host_assignment_t, assignment)
RECORD(os_release, casefile_host_os_release_t, FIELD(string, id),
       FIELD(string, version_id), FIELD(strings, id_like), FIELD(string, pretty_name),
       FIELD(list_assignment, assignments), EVIDENCE)
RECORD(kernel, casefile_host_kernel_t, FIELD(string, release), FIELD(string, version),
       EVIDENCE)
ENUM(host_kind, "live", "image")
RECORD(memory, casefile_host_memory_t, FIELD(u64, total), FIELD(u64, available), EVIDENCE)
RECORD(processors, casefile_host_processors_t, FIELD(u32, count),
       FIELD(strings, features), EVIDENCE)
RECORD(mount, casefile_host_mount_t, FIELD(string, point), FIELD(string, file_system),
       FIELD(string, source), FIELD(strings, options))
LIST(list_mount, casefile_host_mount_t, mount)
RECORD(mounts, casefile_host_mounts_t, FIELD(list_mount, entries), EVIDENCE)
RECORD(figure, casefile_host_figure_t, FIELD(u64, value), EVIDENCE)
ENUM(pressure_kind, "cpu", "memory", "io")
RECORD(pressure, casefile_host_pressure_t, FIELD(u32, some_10), FIELD(u32, some_300),
       FIELD(u32, full_10), FIELD(u32, full_300), EVIDENCE)

RECORD(setting, casefile_sysctl_setting_t, FIELD(string, text), EVIDENCE)
RECORD(sysctl_number, casefile_sysctl_number_t, FIELD(s64, value), EVIDENCE)

TUPLE(ids, casefile_process_ids_t, ITEM(u32, f0), ITEM(u32, f1), ITEM(u32, f2), ITEM(u32, f3))
RECORD(status, casefile_process_status_t, FIELD(string, name), FIELD(u32, parent),
       FIELD(ids, uids), FIELD(ids, gids), FIELD(u32, threads),
       FIELD(u64, effective_capabilities), FIELD(u64, bounding_capabilities),
       FIELD(bool, no_new_privileges), FIELD(bool, kernel_thread), EVIDENCE)
RECORD(limit, casefile_process_limit_t, FIELD(option_u64, soft), FIELD(option_u64, hard),
       EVIDENCE)
ENUM(limited, "cpu", "file-size", "data", "stack-size", "core", "resident-set",
     "processes", "open-files", "locked-memory", "address-space", "file-locks",
     "pending-signals", "message-queues", "nice", "real-time-priority",
     "real-time-timeout")
RECORD(descriptor_kind, casefile_process_descriptor_kind_t, FIELD(string, kind),
       FIELD(u64, count))
LIST(list_descriptor_kind, casefile_process_descriptor_kind_t, descriptor_kind)
RECORD(descriptors, casefile_process_descriptors_t, FIELD(u64, open),
       FIELD(list_descriptor_kind, kinds), EVIDENCE)
RECORD(executable, casefile_process_executable_t, FIELD(string, path),
       FIELD(bool, deleted), EVIDENCE)
RECORD(process_memory, casefile_process_memory_t, FIELD(u64, virtual_),
       FIELD(u64, resident), FIELD(u64, peak_resident), FIELD(u64, swapped), EVIDENCE)
RECORD(mappings, casefile_process_mappings_t, FIELD(u32, count), EVIDENCE)
RECORD(watches, casefile_process_watches_t, FIELD(u64, count), EVIDENCE)
RECORD(started, casefile_process_started_t, FIELD(u64, since_boot), EVIDENCE)

RECORD(membership, casefile_cgroup_membership_t, FIELD(u32, hierarchy),
       FIELD(strings, controllers), FIELD(string, path))
LIST(list_membership, casefile_cgroup_membership_t, membership)
RECORD(memberships, casefile_cgroup_memberships_t, FIELD(list_membership, entries),
       EVIDENCE)
RECORD(control, casefile_cgroup_control_t, FIELD(string, text), EVIDENCE)
VARIANT(member, casefile_cgroup_member_t, CASE("process", u32), CASE("group", string))
ENUM(resource_kind, "memory", "memory-high", "swap", "pids", "cpu")
RECORD(level, casefile_cgroup_level_t, FIELD(string, group), FIELD(u8, version),
       FIELD(option_u64, limit), FIELD(option_u64, used), EVIDENCE)
LIST(list_level, casefile_cgroup_level_t, level)
RECORD(levels, casefile_cgroup_levels_t, FIELD(list_level, entries),
       FIELD(absences, unknown))
RECORD(event, casefile_cgroup_event_t, FIELD(string, group), FIELD(string, name),
       FIELD(u64, count), EVIDENCE)
LIST(list_event, casefile_cgroup_event_t, event)

RECORD(program, casefile_elf_program_t, FIELD(string, path), FIELD(strings, origins))
VARIANT(file_kind, casefile_elf_file_kind_t, EMPTY("elf"), CASE("script", string),
        EMPTY("other"), CASE("malformed", string))
RECORD(elf_file, casefile_elf_file_t, FIELD(file_kind, kind), FIELD(u8, bits),
       FIELD(u16, machine), FIELD(u16, object_type), FIELD(option_string, interpreter),
       FIELD(bool, dynamic), FIELD(strings, needed), FIELD(option_string, soname),
       FIELD(option_string, rpath), FIELD(option_string, runpath),
       FIELD(option_string, build_id), FIELD(bool, executable_stack), EVIDENCE)
ENUM(found_by, "path", "preload", "rpath", "library-path", "runpath", "cache", "system",
     "interpreter")
RECORD(launch, casefile_elf_launch_t, FIELD(option_string, library_path),
       FIELD(option_string, preload), FIELD(option_bool, secure),
       FIELD(option_string, working_directory))
RECORD(loaded, casefile_elf_loaded_t, FIELD(string, name), FIELD(string, path),
       FIELD(string, needed_by), FIELD(found_by, found_by), FIELD(option_string, element),
       FIELD(option_string, subdirectory), EVIDENCE)
VARIANT(problem, casefile_elf_problem_t, EMPTY("not-found"),
        CASE("wrong-architecture", string), CASE("invalid", string),
        CASE("isa-level", string))
RECORD(unresolved, casefile_elf_unresolved_t, FIELD(string, name),
       FIELD(string, needed_by), FIELD(problem, problem))
RECORD(version_missing, casefile_elf_version_missing_t, FIELD(string, version),
       FIELD(string, library), FIELD(string, library_path), FIELD(string, needed_by),
       FIELD(bool, weak))
ENUM(fragility, "already-loaded", "relative")
RECORD(fragile, casefile_elf_fragile_t, FIELD(string, name), FIELD(string, needed_by),
       FIELD(string, path), FIELD(fragility, why))
ENUM(risk, "empty", "relative", "world-writable", "foreign-owner")
RECORD(insecure, casefile_elf_insecure_t, FIELD(string, element), FIELD(found_by, list),
       FIELD(string, object), FIELD(risk, risk))
ENUM(loader, "glibc", "musl", "none")
LIST(list_loaded, casefile_elf_loaded_t, loaded)
LIST(list_unresolved, casefile_elf_unresolved_t, unresolved)
LIST(list_version_missing, casefile_elf_version_missing_t, version_missing)
LIST(list_fragile, casefile_elf_fragile_t, fragile)
LIST(list_insecure, casefile_elf_insecure_t, insecure)
RECORD(resolution, casefile_elf_resolution_t, FIELD(loader, loader),
       FIELD(option_string, loader_version), FIELD(option_string, interpreter),
       FIELD(bool, secure), FIELD(list_loaded, objects), FIELD(list_unresolved, missing),
       FIELD(list_version_missing, versions), FIELD(option_string, stops),
       FIELD(strings, warnings), FIELD(list_fragile, fragile),
       FIELD(list_insecure, insecure), FIELD(absences, unknown),
       FIELD(absences, unknown_levels), FIELD(absences, unknown_risks), FIELD(u32s, evidence))
RECORD(version_need, casefile_elf_version_need_t, FIELD(string, library),
       FIELD(string, version), FIELD(bool, weak))
RECORD(section, casefile_elf_section_t, FIELD(string, name), FIELD(u32, kind),
       FIELD(u64, flags), FIELD(u64, address), FIELD(u64, size))
RECORD(dlopen_note, casefile_elf_dlopen_note_t, FIELD(string, feature),
       FIELD(string, description), FIELD(string, priority), FIELD(strings, sonames))
RECORD(cache, casefile_elf_cache_t, FIELD(u32, entries), FIELD(string, generator),
       FIELD(strings, hwcaps), EVIDENCE)
ENUM(staleness, "missing", "unlisted")
RECORD(stale_entry, casefile_elf_stale_entry_t, FIELD(string, name), FIELD(string, path),
       FIELD(staleness, how))
LIST(list_program, casefile_elf_program_t, program)
LIST(list_version_need, casefile_elf_version_need_t, version_need)
LIST(list_section, casefile_elf_section_t, section)
LIST(list_dlopen_note, casefile_elf_dlopen_note_t, dlopen_note)
LIST(list_stale_entry, casefile_elf_stale_entry_t, stale_entry)
OPTION(option_launch, casefile_elf_option_launch_t, launch)

VARIANT(origin, casefile_start_origin_t, EMPTY("named"), CASE("process", u32),
        CASE("unit", string), CASE("optional-unit", string))
RECORD(start, casefile_start_start_t, FIELD(u32, index), FIELD(string, program),
       FIELD(origin, origin), FIELD(option_u32, uid), FIELD(option_string, cgroup),
       FIELD(option_string, working_directory))
RECORD(hidden, casefile_start_hidden_t, FIELD(u32, pid), FIELD(absence, absence))
ENUM(scope, "host", "program")
LIST(list_start, casefile_start_start_t, start)
LIST(list_hidden, casefile_start_hidden_t, hidden)

TUPLE(pair, policy_tuple2_string_string_t, ITEM(string, f0), ITEM(string, f1))
OPTION(option_pair, policy_option_tuple2_string_string_t, pair)
RECORD(go_module, casefile_go_binary_module_t, FIELD(string, path),
       FIELD(string, version), FIELD(string, sum), FIELD(option_pair, replaced_by))
RECORD(build_setting, casefile_go_binary_setting_t, FIELD(string, key),
       FIELD(string, value))
ENUM(link_kind, "static-internal", "static-external", "static-pie", "loader-only",
     "dynamic-glibc", "dynamic-musl", "dynamic-other", "shared-library")
OPTION(option_go_module, casefile_go_binary_option_module_t, go_module)
LIST(list_build_setting, casefile_go_binary_setting_t, build_setting)
RECORD(go_program, casefile_go_binary_program_t, FIELD(string, version),
       FIELD(string, path), FIELD(option_go_module, main),
       FIELD(list_build_setting, settings), FIELD(link_kind, link),
       FIELD(option_string, linker), FIELD(bool, stripped),
       FIELD(option_u32, function_count), EVIDENCE)
RECORD(go_function, casefile_go_binary_function_t, FIELD(string, name),
       FIELD(string, package), FIELD(bool, in_main_module))
RECORD(function_filter, casefile_go_binary_function_filter_t, FIELD(option_string, name),
       FIELD(option_string, package), FIELD(bool, in_main_module))
ENUM(proof, "inlined", "direct")
RECORD(go_call, casefile_go_binary_call_t, FIELD(string, caller), FIELD(string, callee),
       FIELD(proof, proof), FIELD(bool, from_main_module))
RECORD(call_filter, casefile_go_binary_call_filter_t,
       FIELD(option_string, caller_package), FIELD(option_string, callee),
       FIELD(bool, from_main_module))
LIST(list_go_module, casefile_go_binary_module_t, go_module)
LIST(list_go_function, casefile_go_binary_function_t, go_function)
LIST(list_go_call, casefile_go_binary_call_t, go_call)

ENUM(manager, "dpkg", "rpm", "apk")
RECORD(database, casefile_package_db_database_t, FIELD(manager, manager),
       FIELD(string, path), FIELD(u32, packages), EVIDENCE)
RECORD(installed, casefile_package_db_package_t, FIELD(string, name),
       FIELD(string, version), FIELD(string, architecture), FIELD(string, source),
       FIELD(manager, manager), EVIDENCE)
ENUM(order, "older", "same", "newer")
LIST(list_database, casefile_package_db_database_t, database)
LIST(list_installed, casefile_package_db_package_t, installed)

RECORD(tls_library, casefile_tools_tls_library_t, FIELD(string, name),
       FIELD(string, path), FIELD(option_string, version), FIELD(option_string, package),
       EVIDENCE)
LIST(list_tls_library, casefile_tools_tls_library_t, tls_library)
RECORD(tool, casefile_tools_tool_t, FIELD(string, name), FIELD(string, path),
       FIELD(option_string, version), FIELD(option_string, package),
       FIELD(list_tls_library, tls), FIELD(absences, unknown), EVIDENCE)

RECORD(coverage, casefile_kernel_log_coverage_t, FIELD(bool, since_boot),
       FIELD(u32, lines), FIELD(u32, hidden), EVIDENCE)
RECORD(line, casefile_kernel_log_line_t, FIELD(option_u64, since_boot),
       FIELD(string, text), EVIDENCE)
RECORD(memory_kill, casefile_kernel_log_memory_kill_t, FIELD(option_u64, since_boot),
       FIELD(u32, pid), FIELD(string, name), FIELD(option_u32, uid),
       FIELD(option_string, limited_group), FIELD(option_string, group),
       FIELD(option_u64, anonymous), FIELD(bool, in_group), EVIDENCE)
LIST(list_line, casefile_kernel_log_line_t, line)
LIST(list_memory_kill, casefile_kernel_log_memory_kill_t, memory_kill)

RECORD(counter, casefile_network_counter_t, FIELD(s64, value), EVIDENCE)
RECORD(state_count, casefile_network_state_count_t, FIELD(string, state),
       FIELD(u32, count))
LIST(list_state_count, casefile_network_state_count_t, state_count)
RECORD(sockets, casefile_network_sockets_t, FIELD(list_state_count, states), EVIDENCE)
RECORD(listener, casefile_network_listener_t, FIELD(string, protocol),
       FIELD(string, address), FIELD(u16, port), FIELD(bool, loopback), FIELD(u32s, pids),
       EVIDENCE)
LIST(list_listener, casefile_network_listener_t, listener)

ENUM(store_kind, "bundle", "directory")
RECORD(store, casefile_trust_store_t, FIELD(string, path), FIELD(store_kind, kind),
       FIELD(string, real_path), FIELD(u32, certificates), FIELD(u32, unparsable),
       EVIDENCE)
TUPLE(rsa, policy_tuple2_u32_string_t, ITEM(u32, f0), ITEM(string, f1))
TUPLE(elliptic, policy_tuple2_string_u32_t, ITEM(string, f0), ITEM(u32, f1))
VARIANT(key, casefile_trust_key_t, CASE("rsa", rsa), CASE("elliptic", elliptic),
        EMPTY("elliptic-explicit"), CASE("dsa", u32), CASE("edwards", string),
        CASE("other", string))
ENUM(self_signature, "verified", "wrong", "not-self-issued", "unsupported")
RECORD(certificate, casefile_trust_certificate_t, FIELD(string, path),
       FIELD(u32, position), FIELD(string, fingerprint), FIELD(string, key_fingerprint),
       FIELD(string, subject), FIELD(string, issuer), FIELD(string, serial),
       FIELD(s64, not_before), FIELD(s64, not_after), FIELD(u8, version),
       FIELD(option_bool, authority), FIELD(key, key), FIELD(string, signature),
       FIELD(self_signature, self_signed), EVIDENCE)
LIST(list_store, casefile_trust_store_t, store)
RECORD(stores, casefile_trust_stores_t, FIELD(list_store, known),
       FIELD(absences, unknown))
ENUM(layout_kind, "debian", "red-hat", "suse", "arch", "alpine", "other")
RECORD(layout, casefile_trust_layout_t, FIELD(layout_kind, kind),
       FIELD(string, openssl_directory), FIELD(string, gnutls_source), EVIDENCE)
ENUM(library, "go", "openssl", "gnutls")
RECORD(pool_request, casefile_trust_pool_request_t, FIELD(library, library),
       FIELD(option_string, version), FIELD(option_string, certificate_file),
       FIELD(option_string, certificate_directory))
RECORD(pool_source, casefile_trust_pool_source_t, FIELD(string, path),
       FIELD(store_kind, kind), FIELD(bool, present), FIELD(u32, added))
LIST(list_pool_source, casefile_trust_pool_source_t, pool_source)
RECORD(pool, casefile_trust_pool_t, FIELD(u32, count), FIELD(list_pool_source, sources),
       FIELD(u32, rejected), FIELD(absences, unknown))
RECORD(pool_certificate, casefile_trust_pool_certificate_t, FIELD(string, fingerprint),
       FIELD(string, subject), FIELD(string, path), FIELD(u32, position),
       FIELD(option_string, rejected), EVIDENCE)
OPTION(option_strings, policy_option_list_string_t, strings)
RECORD(details, casefile_trust_details_t, FIELD(option_strings, key_usage),
       FIELD(option_strings, extended_key_usage), FIELD(option_u32, path_length),
       FIELD(strings, alternative_names), FIELD(strings, permitted),
       FIELD(strings, excluded), FIELD(strings, unknown_critical),
       FIELD(strings, departures), EVIDENCE)
RECORD(known_roots, casefile_trust_known_roots_t, FIELD(s64, date), FIELD(u32, count))
RECORD(known_root, casefile_trust_known_root_t, FIELD(string, fingerprint),
       FIELD(string, subject), FIELD(option_s64, distrust_after))
ENUM(drift_kind, "not-in-bundle", "without-source", "stale", "ignored", "overwritten",
     "directory-only", "hash-link")
RECORD(drift, casefile_trust_drift_t, FIELD(drift_kind, kind), FIELD(string, path),
       FIELD(string, subject), FIELD(string, detail), EVIDENCE)
LIST(list_pool_certificate, casefile_trust_pool_certificate_t, pool_certificate)
LIST(list_known_root, casefile_trust_known_root_t, known_root)
LIST(list_drift, casefile_trust_drift_t, drift)
LIST(list_certificate, casefile_trust_certificate_t, certificate)

RECORD(audit_field, casefile_audit_field_t, FIELD(string, name), FIELD(string, value))
LIST(list_audit_field, casefile_audit_field_t, audit_field)
RECORD(event_record, casefile_audit_event_record_t, FIELD(string, record_type),
       FIELD(s64, seconds), FIELD(u16, milliseconds), FIELD(u64, serial),
       FIELD(string, text), FIELD(list_audit_field, fields), EVIDENCE)
RECORD(filter, casefile_audit_filter_t, FIELD(strings, record_types),
       FIELD(option_s64, since))
LIST(list_event_record, casefile_audit_event_record_t, event_record)
RECORD(page, casefile_audit_page_t, FIELD(list_event_record, records),
       FIELD(option_u32, next), FIELD(bool, truncated))

RECORD(variable, casefile_environment_variable_t, FIELD(string, name),
       FIELD(option_string, value), EVIDENCE)

ENUM(path_kind, "regular", "directory", "special")
RECORD(stat, casefile_files_stat_t, FIELD(string, real_path), FIELD(path_kind, kind),
       FIELD(u32, mode), FIELD(u32, uid), FIELD(u32, gid), FIELD(u64, size),
       FIELD(s64, modified), EVIDENCE)
RECORD(file_text, casefile_files_text_t, FIELD(string, content), FIELD(u64, skipped),
       EVIDENCE)
RECORD(listing, casefile_files_listing_t, FIELD(strings, names), EVIDENCE)
RECORD(attribute, casefile_files_attribute_t, FIELD(bytes, value), EVIDENCE)
RECORD(space, casefile_files_space_t, FIELD(string, point), FIELD(string, source),
       FIELD(string, file_system), FIELD(u64, total), FIELD(u64, free),
       FIELD(u64, available), FIELD(u64, inodes), FIELD(u64, free_inodes),
       FIELD(bool, read_only), EVIDENCE)

RECORD(source, casefile_script_source_t, FIELD(string, name), FIELD(string, text))
OPTION(option_source, casefile_script_option_source_t, source)
