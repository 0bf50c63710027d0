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

static void show_parts(text *to, const void *value, const part *parts, size_t count,
                       const char *around)
{
    append(to, around, 1);
    for (size_t number = 0; number < count; number++) {
        append_chars(to, number > 0 ? ", " : "");
        if (parts[number].name != NULL) {
            append_chars(to, parts[number].name);
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
#define FIELD(name, showing, member) {name, show_##showing, offsetof(record, member)}

#define TUPLE(name, type, ...)                                                           \
    void show_##name(text *to, const void *value)                                        \
    {                                                                                    \
        typedef type record;                                                             \
        static const part fields[] = {__VA_ARGS__};                                      \
        show_parts(to, value, fields, COUNT(fields), "()");                              \
    }
#define ITEM(showing, member) FIELD(NULL, showing, member)

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

#define EVIDENCE FIELD("evidence", u32, evidence)

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
RECORD(absence, casefile_absence, FIELD("path", string, path), FIELD("state", state, state),
       FIELD("detail", string, detail))
LIST(absences, casefile_absence, absence)
VARIANT(value, casefile_types_value_t, CASE("boolean", bool), CASE("integer", s64),
        CASE("text", string), CASE("texts", strings))

ENUM(host_kind, "live", "image")
RECORD(assignment, casefile_host_assignment_t, FIELD("name", string, name),
       FIELD("value", string, value))
LIST(assignments, casefile_host_assignment_t, assignment)
RECORD(os_release, casefile_host_os_release_t, FIELD("id", string, id),
       FIELD("version-id", string, version_id), FIELD("id-like", strings, id_like),
       FIELD("pretty-name", string, pretty_name), FIELD("assignments", assignments, assignments),
       EVIDENCE)
RECORD(kernel, casefile_host_kernel_t, FIELD("release", string, release),
       FIELD("version", string, version), EVIDENCE)
RECORD(memory, casefile_host_memory_t, FIELD("total", u64, total),
       FIELD("available", u64, available), EVIDENCE)
RECORD(processors, casefile_host_processors_t, FIELD("count", u32, count),
       FIELD("features", strings, features), EVIDENCE)
RECORD(mount, casefile_host_mount_t, FIELD("point", string, point),
       FIELD("file-system", string, file_system), FIELD("source", string, source),
       FIELD("options", strings, options))
LIST(mount_list, casefile_host_mount_t, mount)
RECORD(mounts, casefile_host_mounts_t, FIELD("entries", mount_list, entries), EVIDENCE)

RECORD(setting, casefile_sysctl_setting_t, FIELD("text", string, text), EVIDENCE)
RECORD(sysctl_number, casefile_sysctl_number_t, FIELD("value", s64, value), EVIDENCE)

ENUM(limited, "cpu", "file-size", "data", "stack-size", "core", "resident-set", "processes",
     "open-files", "locked-memory", "address-space", "file-locks", "pending-signals",
     "message-queues", "nice", "real-time-priority", "real-time-timeout")
TUPLE(ids, casefile_process_ids_t, ITEM(u32, f0), ITEM(u32, f1), ITEM(u32, f2), ITEM(u32, f3))
RECORD(status, casefile_process_status_t, FIELD("name", string, name),
       FIELD("parent", u32, parent), FIELD("uids", ids, uids), FIELD("gids", ids, gids),
       FIELD("threads", u32, threads),
       FIELD("effective-capabilities", u64, effective_capabilities),
       FIELD("bounding-capabilities", u64, bounding_capabilities),
       FIELD("no-new-privileges", bool, no_new_privileges),
       FIELD("kernel-thread", bool, kernel_thread), EVIDENCE)
RECORD(limit, casefile_process_limit_t, FIELD("soft", option_u64, soft),
       FIELD("hard", option_u64, hard), EVIDENCE)
RECORD(descriptor_kind, casefile_process_descriptor_kind_t, FIELD("kind", string, kind),
       FIELD("count", u64, count))
LIST(descriptor_kinds, casefile_process_descriptor_kind_t, descriptor_kind)
RECORD(descriptors, casefile_process_descriptors_t, FIELD("open", u64, open),
       FIELD("kinds", descriptor_kinds, kinds), EVIDENCE)
RECORD(executable, casefile_process_executable_t, FIELD("path", string, path),
       FIELD("deleted", bool, deleted), EVIDENCE)

RECORD(membership, casefile_cgroup_membership_t, FIELD("hierarchy", u32, hierarchy),
       FIELD("controllers", strings, controllers), FIELD("path", string, path))
LIST(membership_list, casefile_cgroup_membership_t, membership)
RECORD(memberships, casefile_cgroup_memberships_t, FIELD("entries", membership_list, entries),
       EVIDENCE)
RECORD(control, casefile_cgroup_control_t, FIELD("text", string, text), EVIDENCE)

RECORD(program, casefile_elf_program_t, FIELD("path", string, path),
       FIELD("origins", strings, origins))
LIST(programs, casefile_elf_program_t, program)
VARIANT(file_kind, casefile_elf_file_kind_t, EMPTY("elf"), CASE("script", string),
        EMPTY("other"), CASE("malformed", string))
RECORD(elf_file, casefile_elf_file_t, FIELD("kind", file_kind, kind), FIELD("bits", u8, bits),
       FIELD("machine", u16, machine), FIELD("object-type", u16, object_type),
       FIELD("interpreter", option_string, interpreter), FIELD("dynamic", bool, dynamic),
       FIELD("needed", strings, needed), FIELD("soname", option_string, soname),
       FIELD("rpath", option_string, rpath), FIELD("runpath", option_string, runpath),
       FIELD("build-id", option_string, build_id),
       FIELD("executable-stack", bool, executable_stack), EVIDENCE)
ENUM(found_by, "path", "preload", "rpath", "library-path", "runpath", "cache", "system",
     "interpreter")
RECORD(loaded, casefile_elf_loaded_t, FIELD("name", string, name), FIELD("path", string, path),
       FIELD("needed-by", string, needed_by), FIELD("found-by", found_by, found_by), EVIDENCE)
LIST(objects, casefile_elf_loaded_t, loaded)
VARIANT(problem, casefile_elf_problem_t, EMPTY("not-found"), CASE("wrong-architecture", string),
        CASE("invalid", string))
RECORD(unresolved, casefile_elf_unresolved_t, FIELD("name", string, name),
       FIELD("needed-by", string, needed_by), FIELD("problem", problem, problem))
LIST(missing, casefile_elf_unresolved_t, unresolved)
RECORD(version_missing, casefile_elf_version_missing_t, FIELD("version", string, version),
       FIELD("library", string, library), FIELD("library-path", string, library_path),
       FIELD("needed-by", string, needed_by), FIELD("weak", bool, weak))
LIST(versions, casefile_elf_version_missing_t, version_missing)
ENUM(loader, "glibc", "musl", "none")
RECORD(resolution, casefile_elf_resolution_t, FIELD("loader", loader, loader),
       FIELD("interpreter", option_string, interpreter), FIELD("objects", objects, objects),
       FIELD("missing", missing, missing), FIELD("versions", versions, versions),
       FIELD("unknown", absences, unknown), FIELD("evidence", u32s, evidence))

ENUM(store_kind, "bundle", "directory")
RECORD(store, casefile_trust_store_t, FIELD("path", string, path),
       FIELD("kind", store_kind, kind), FIELD("real-path", string, real_path),
       FIELD("certificates", u32, certificates), FIELD("unparsable", u32, unparsable), EVIDENCE)
LIST(store_list, casefile_trust_store_t, store)
RECORD(stores, casefile_trust_stores_t, FIELD("known", store_list, known),
       FIELD("unknown", absences, unknown))
TUPLE(rsa, policy_tuple2_u32_string_t, ITEM(u32, f0), ITEM(string, f1))
TUPLE(elliptic, policy_tuple2_string_u32_t, ITEM(string, f0), ITEM(u32, f1))
VARIANT(key, casefile_trust_key_t, CASE("rsa", rsa), CASE("elliptic", elliptic),
        EMPTY("elliptic-explicit"), CASE("dsa", u32), CASE("edwards", string),
        CASE("other", string))
ENUM(self_signature, "verified", "wrong", "not-self-issued", "unsupported")
RECORD(certificate, casefile_trust_certificate_t, FIELD("path", string, path),
       FIELD("position", u32, position), FIELD("fingerprint", string, fingerprint),
       FIELD("key-fingerprint", string, key_fingerprint), FIELD("subject", string, subject),
       FIELD("issuer", string, issuer), FIELD("serial", string, serial),
       FIELD("not-before", s64, not_before), FIELD("not-after", s64, not_after),
       FIELD("version", u8, version), FIELD("authority", option_bool, authority),
       FIELD("key", key, key), FIELD("signature", string, signature),
       FIELD("self-signed", self_signature, self_signed), EVIDENCE)
LIST(certificates, casefile_trust_certificate_t, certificate)

RECORD(audit_field, casefile_audit_field_t, FIELD("name", string, name),
       FIELD("value", string, value))
LIST(audit_fields, casefile_audit_field_t, audit_field)
RECORD(event_record, casefile_audit_event_record_t, FIELD("record-type", string, record_type),
       FIELD("seconds", s64, seconds), FIELD("milliseconds", u16, milliseconds),
       FIELD("serial", u64, serial), FIELD("text", string, text),
       FIELD("fields", audit_fields, fields), EVIDENCE)
LIST(event_records, casefile_audit_event_record_t, event_record)
RECORD(filter, casefile_audit_filter_t, FIELD("record-types", strings, record_types),
       FIELD("since", option_s64, since))
RECORD(page, casefile_audit_page_t, FIELD("records", event_records, records),
       FIELD("next", option_u32, next), FIELD("truncated", bool, truncated))

RECORD(variable, casefile_environment_variable_t, FIELD("name", string, name),
       FIELD("value", option_string, value), EVIDENCE)

ENUM(path_kind, "regular", "directory", "special")
RECORD(stat, casefile_files_stat_t, FIELD("real-path", string, real_path),
       FIELD("kind", path_kind, kind), FIELD("mode", u32, mode), FIELD("uid", u32, uid),
       FIELD("gid", u32, gid), FIELD("size", u64, size), FIELD("modified", s64, modified),
       EVIDENCE)
RECORD(file_text, casefile_files_text_t, FIELD("content", string, content),
       FIELD("skipped", u64, skipped), EVIDENCE)
RECORD(listing, casefile_files_listing_t, FIELD("names", strings, names), EVIDENCE)
RECORD(attribute, casefile_files_attribute_t, FIELD("value", bytes, value), EVIDENCE)

RECORD(source, casefile_script_source_t, FIELD("name", string, name),
       FIELD("text", string, text))
OPTION(option_source, casefile_script_option_source_t, source)
