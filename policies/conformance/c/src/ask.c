/* The rules that ask: a finding for each call. */

#include "ask.h"

#include <stdlib.h>

#include "show.h"

#define PROCESSES 12 /* that are looked at */
#define PROGRAMS 12
#define PAGES 3 /* that are turned */

/* A finding with a value that is already text. */
static void answer_text(casefile_report *report, const char *subject, const text *shown)
{
    casefile_finding *finding = casefile_pass(report, subject, "answers");
    casefile_set_option(&finding->actual, view_of(shown));
}

static void answer(casefile_report *report, const char *subject, show *showing,
                   const void *value)
{
    text shown = {0};
    showing(&shown, value);
    answer_text(report, subject, &shown);
    free(shown.bytes);
}

/* A finding with a result. Gives whether there is a value. */
static bool result(casefile_report *report, const char *subject, bool got, show *showing,
                   const void *value, const casefile_absence *absence)
{
    text shown = {0};
    append_chars(&shown, got ? "ok(" : "err(");
    (got ? showing : show_absence)(&shown, got ? value : (const void *)absence);
    append_chars(&shown, ")");
    answer_text(report, subject, &shown);
    free(shown.bytes);
    return got;
}

#define EACH(item, ...)                                                                  \
    for (const char *const *item = (const char *const[]){__VA_ARGS__, NULL}; *item != NULL; item++)

bool ask_host(casefile_report *report, casefile_absence *absence)
{
    casefile_host_kind_t kind = casefile_host_snapshot_kind();
    answer(report, "host.snapshot-kind()", show_host_kind, &kind);
    casefile_string architecture;
    result(report, "host.architecture()", casefile_host_architecture(&architecture, absence),
           show_string, &architecture, absence);
    casefile_host_os_release_t os;
    result(report, "host.os()", casefile_host_os(&os, absence), show_os_release, &os, absence);
    casefile_host_kernel_t kernel;
    result(report, "host.running-kernel()", casefile_host_running_kernel(&kernel, absence),
           show_kernel, &kernel, absence);
    casefile_host_memory_t memory;
    result(report, "host.memory-total()", casefile_host_memory_total(&memory, absence),
           show_memory, &memory, absence);
    casefile_host_processors_t processors;
    result(report, "host.cpu()", casefile_host_cpu(&processors, absence), show_processors,
           &processors, absence);
    casefile_host_mounts_t mounts;
    result(report, "host.mounted()", casefile_host_mounted(&mounts, absence), show_mounts,
           &mounts, absence);
    return true;
}

bool ask_sysctl(casefile_report *report, casefile_absence *absence)
{
    EACH(name, "kernel.ostype", "kernel.hostname", "net.ipv4.ip_local_port_range",
         "net/ipv4/conf/eth0.1/rp_filter", "fs.nr_open", "no.such", "größe", "")
    {
        casefile_sysctl_setting_t setting;
        result(report, call("sysctl.get", 1, show_chars, *name),
               casefile_sysctl_get(CASEFILE_STRING(*name), &setting, absence), show_setting,
               &setting, absence);
    }
    EACH(name, "fs.nr_open", "fs.file-max", "kernel.ostype", "net.core.somaxconn", "vm.least",
         "no.such")
    {
        casefile_sysctl_number_t number;
        result(report, call("sysctl.get-number", 1, show_chars, *name),
               casefile_sysctl_get_number(CASEFILE_STRING(*name), &number, absence),
               show_sysctl_number, &number, absence);
    }
    EACH(prefix, "net.core", "net.ipv4.conf", "no.such", "")
    {
        policy_list_string_t names;
        result(report, call("sysctl.names", 1, show_chars, *prefix),
               casefile_sysctl_names(CASEFILE_STRING(*prefix), &names, absence), show_strings,
               &names, absence);
    }
    return true;
}

/* The first processes, as pages of five give them; there is room for one more. */
typedef struct processes {
    uint32_t pids[PROCESSES + 5];
    size_t count;
} processes;

static processes first_pids(casefile_report *report)
{
    processes first = {.count = 0};
    const uint32_t limit = 5;
    while (first.count < PROCESSES) {
        uint32_t after = first.count > 0 ? first.pids[first.count - 1] : 0;
        casefile_absence absence;
        policy_list_u32_t page;
        bool got = casefile_process_pids(after, limit, &page, &absence);
        result(report, call("process.pids", 2, show_u32, &after, show_u32, &limit), got,
               show_u32s, &page, &absence);
        if (!got || page.len == 0) {
            break;
        }
        memcpy(first.pids + first.count, page.ptr, page.len * sizeof *page.ptr);
        first.count += page.len;
    }
    if (first.count > PROCESSES) {
        first.count = PROCESSES;
    }
    return first;
}

static void ask_about_process(casefile_report *report, uint32_t pid)
{
    casefile_absence absence;
    casefile_process_status_t status;
    result(report, call("process.get-status", 1, show_u32, &pid),
           casefile_process_get_status(pid, &status, &absence), show_status, &status, &absence);
    for (uint8_t what = 0; what <= CASEFILE_PROCESS_LIMITED_REAL_TIME_TIMEOUT; what++) {
        casefile_process_limit_t limit;
        result(report, call("process.get-limit", 2, show_u32, &pid, show_limited, &what),
               casefile_process_get_limit(pid, what, &limit, &absence), show_limit, &limit,
               &absence);
    }
    casefile_process_descriptors_t descriptors;
    result(report, call("process.get-descriptors", 1, show_u32, &pid),
           casefile_process_get_descriptors(pid, &descriptors, &absence), show_descriptors,
           &descriptors, &absence);
    casefile_process_executable_t executable;
    result(report, call("process.get-executable", 1, show_u32, &pid),
           casefile_process_get_executable(pid, &executable, &absence), show_executable,
           &executable, &absence);
}

bool ask_process(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    processes first = first_pids(report);
    first.pids[first.count++] = UINT32_MAX;
    for (size_t number = 0; number < first.count; number++) {
        ask_about_process(report, first.pids[number]);
    }
    return true;
}

/* Paths of groups, each once. */
typedef struct paths {
    casefile_string items[2 + PROCESSES];
    size_t count;
} paths;

static void add_once(paths *all, casefile_string path)
{
    for (size_t number = 0; number < all->count; number++) {
        const casefile_string *has = &all->items[number];
        if (has->len == path.len && memcmp(has->ptr, path.ptr, path.len) == 0) {
            return;
        }
    }
    all->items[all->count++] = path;
}

bool ask_cgroup(casefile_report *report, casefile_absence *absence)
{
    processes first = first_pids(report);
    paths all = {{casefile_view("/"), casefile_view("/no/such")}, 2};
    for (size_t number = 0; number < first.count; number++) {
        uint32_t pid = first.pids[number];
        casefile_cgroup_memberships_t memberships;
        bool got = casefile_cgroup_of_process(pid, &memberships, absence);
        result(report, call("cgroup.of-process", 1, show_u32, &pid), got, show_memberships,
               &memberships, absence);
        for (size_t entry = 0; got && entry < memberships.entries.len; entry++) {
            const casefile_cgroup_membership_t *membership = &memberships.entries.ptr[entry];
            if (membership->hierarchy == 0) {
                add_once(&all, membership->path);
            }
        }
    }
    for (size_t number = 0; number < all.count; number++) {
        EACH(file, "pids.max", "memory.max", "cgroup.controllers")
        {
            casefile_cgroup_control_t control;
            casefile_string *path = &all.items[number];
            result(report, call("cgroup.get", 2, show_string, path, show_chars, *file),
                   casefile_cgroup_get(path, CASEFILE_STRING(*file), &control, absence),
                   show_control, &control, absence);
        }
    }
    return true;
}

static void ask_about_program(casefile_report *report, casefile_string path)
{
    casefile_absence absence;
    casefile_elf_file_t file;
    result(report, call("elf.get-file", 1, show_string, &path),
           casefile_elf_get_file(&path, &file, &absence), show_elf_file, &file, &absence);
    policy_option_string_t library_path = {false, casefile_view("/opt/lib::/usr/lib/größe")};
    for (int round = 0; round < 2; round++) {
        library_path.is_some = round == 1;
        casefile_elf_resolution_t resolution;
        result(report,
               call("elf.resolve", 2, show_string, &path, show_option_string, &library_path),
               casefile_elf_resolve(&path, round == 1 ? &library_path.val : NULL, &resolution,
                                    &absence),
               show_resolution, &resolution, &absence);
    }
}

bool ask_elf(casefile_report *report, casefile_absence *absence)
{
    casefile_string programs[PROGRAMS + 4];
    size_t count = 0;
    const uint32_t limit = 4;
    for (uint32_t offset = 0; count < PROGRAMS; offset += limit) {
        casefile_elf_list_program_t page;
        bool got = casefile_elf_programs(offset, limit, &page, absence);
        result(report, call("elf.programs", 2, show_u32, &offset, show_u32, &limit), got,
               show_programs, &page, absence);
        if (!got || page.len == 0) {
            break;
        }
        for (size_t number = 0; number < page.len; number++) {
            programs[count++] = page.ptr[number].path;
        }
    }
    for (size_t number = 0; number < count && number < PROGRAMS; number++) {
        ask_about_program(report, programs[number]);
    }
    EACH(path, "/etc/os-release", "/no/such", "relative", "")
    {
        ask_about_program(report, casefile_view(*path));
    }
    return true;
}

static void ask_about_store(casefile_report *report, casefile_string path)
{
    uint32_t offset = 0;
    const uint32_t limit = 7;
    for (int turned = 0; turned < PAGES; turned++) {
        casefile_absence absence;
        casefile_trust_list_certificate_t page;
        bool got = casefile_trust_certificates(&path, offset, limit, &page, &absence);
        result(report,
               call("trust.certificates", 3, show_string, &path, show_u32, &offset, show_u32,
                    &limit),
               got, show_certificates, &page, &absence);
        if (!got || page.len == 0) {
            return;
        }
        offset += (uint32_t)page.len;
    }
}

bool ask_trust(casefile_report *report, casefile_absence *absence)
{
    casefile_trust_stores_t stores;
    bool got = casefile_trust_get_stores(&stores, absence);
    result(report, "trust.get-stores()", got, show_stores, &stores, absence);
    for (size_t number = 0; got && number < stores.known.len; number++) {
        ask_about_store(report, stores.known.ptr[number].path);
    }
    ask_about_store(report, casefile_view("/no/such"));
    return true;
}

bool ask_audit(casefile_report *report, casefile_absence *absence)
{
    casefile_string types[] = {casefile_view("AVC"), casefile_view("größe")};
    casefile_audit_filter_t filters[] = {
        {{NULL, 0}, {false, 0}},
        {{types, 2}, {true, 0}},
        {{NULL, 0}, {true, INT64_MIN}},
        {{NULL, 0}, {true, INT64_MAX}},
    };
    const uint32_t limit = 4;
    for (size_t number = 0; number < sizeof filters / sizeof *filters; number++) {
        uint32_t cursor = 0;
        for (int turned = 0; turned < PAGES; turned++) {
            casefile_audit_page_t page;
            bool got = casefile_audit_records(&filters[number], cursor, limit, &page, absence);
            result(report,
                   call("audit.records", 3, show_filter, &filters[number], show_u32, &cursor,
                        show_u32, &limit),
                   got, show_page, &page, absence);
            if (!got || !page.next.is_some) {
                break;
            }
            cursor = page.next.val;
        }
    }
    return true;
}

bool ask_environment(casefile_report *report, casefile_absence *absence)
{
    processes first = first_pids(report);
    first.pids[first.count++] = UINT32_MAX;
    for (size_t number = 0; number < first.count; number++) {
        uint32_t pid = first.pids[number];
        policy_list_string_t names;
        result(report, call("environment.names", 1, show_u32, &pid),
               casefile_environment_names(pid, &names, absence), show_strings, &names, absence);
        EACH(name, "PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", "")
        {
            casefile_environment_variable_t variable;
            result(report, call("environment.get", 2, show_u32, &pid, show_chars, *name),
                   casefile_environment_get(pid, CASEFILE_STRING(*name), &variable, absence),
                   show_variable, &variable, absence);
        }
    }
    return true;
}

static void ask_about_path(casefile_report *report, const char *path)
{
    casefile_absence absence;
    casefile_string *argument = CASEFILE_STRING(path);
    casefile_files_stat_t stat;
    result(report, call("files.get-stat", 1, show_chars, path),
           casefile_files_get_stat(argument, &stat, &absence), show_stat, &stat, &absence);
    casefile_files_text_t file;
    result(report, call("files.read-text", 1, show_chars, path),
           casefile_files_read_text(argument, &file, &absence), show_file_text, &file, &absence);
    casefile_files_listing_t listing;
    result(report, call("files.read-directory", 1, show_chars, path),
           casefile_files_read_directory(argument, &listing, &absence), show_listing, &listing,
           &absence);
    EACH(name, "security.selinux", "security.capability")
    {
        casefile_files_attribute_t attribute;
        result(report, call("files.get-attribute", 2, show_chars, path, show_chars, *name),
               casefile_files_get_attribute(argument, CASEFILE_STRING(*name), &attribute,
                                            &absence),
               show_attribute, &attribute, &absence);
    }
}

bool ask_files(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    EACH(path, "/", "/etc", "/etc/os-release", "/etc/long", "/etc/größe/日本", "/etc/empty",
         "/etc/binary", "/proc/1/status", "/etc/shadow", "/no/such", "relative", "")
    {
        ask_about_path(report, *path);
    }
    return true;
}

bool ask_parameters(casefile_report *report, casefile_absence *absence)
{
    EACH(name, "boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such")
    {
        casefile_types_value_t value;
        result(report, call("parameters.get", 1, show_chars, *name),
               casefile_parameters_get(CASEFILE_STRING(*name), &value, absence), show_value,
               &value, absence);
    }
    return true;
}

bool ask_data(casefile_report *report, casefile_absence *absence)
{
    policy_list_string_t names;
    casefile_data_names(&names);
    answer(report, "data.names()", show_strings, &names);
    EACH(name, "table.txt", "table.bin", "empty", "no-such")
    {
        policy_list_u8_t bytes;
        result(report, call("data.read", 1, show_chars, *name),
               casefile_data_read(CASEFILE_STRING(*name), &bytes, absence), show_bytes, &bytes,
               absence);
        casefile_string read;
        result(report, call("data.read-text", 1, show_chars, *name),
               casefile_data_read_text(CASEFILE_STRING(*name), &read, absence), show_string,
               &read, absence);
    }
    return true;
}

/* The seed is another one for each policy: it is asked twice. */
bool ask_runtime(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    int64_t now = casefile_runtime_now();
    answer(report, "runtime.now()", show_s64, &now);
    bool same = casefile_runtime_seed() == casefile_runtime_seed();
    answer(report, "runtime.seed() is the same again", show_bool, &same);
    return true;
}

/* Scripts have one, and components have none: it is asked twice. */
bool ask_script(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    text shown[2] = {{0}, {0}};
    for (int round = 0; round < 2; round++) {
        casefile_script_option_source_t source;
        source.is_some = casefile_script_get(&source.val);
        show_option_source(&shown[round], &source);
    }
    bool same = shown[0].length == shown[1].length &&
                memcmp(shown[0].bytes, shown[1].bytes, shown[0].length) == 0;
    answer(report, "script.get() is the same again", show_bool, &same);
    return true;
}

bool ask_log(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    static const char *const words[] = {"debug", "info", "warn"};
    static const char terminated[] = "größe « 日本 »\n";
    char repeated[2000];
    for (size_t at = 0; at < sizeof repeated; at += 2) {
        memcpy(repeated + at, "é", 2);
    }
    casefile_string texts[] = {
        casefile_view(""),
        /* with its NUL */
        {(uint8_t *)terminated, sizeof terminated},
        {(uint8_t *)repeated, sizeof repeated},
    };
    const bool done = true;
    for (uint8_t level = CASEFILE_LOG_LEVEL_DEBUG; level <= CASEFILE_LOG_LEVEL_WARN; level++) {
        for (size_t number = 0; number < sizeof texts / sizeof *texts; number++) {
            casefile_log_write(level, &texts[number]);
        }
        answer(report, casefile_format("log.write(%s)", words[level]), show_bool, &done);
    }
    return true;
}
