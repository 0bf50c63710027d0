/* The rules that ask: a finding for each call. Those about programs stand in
 * programs.c. */

#include "ask.h"

#include <stdlib.h>

#define PROCESSES 12 /* that are looked at */

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
    EACH(name, "CommitLimit", "NoSuch")
    {
        ASK(casefile_host_figure_t, figure, call("host.memory-figure", 1, show_chars, *name),
            casefile_host_memory_figure(CASEFILE_STRING(*name), &value, &missing));
    }
    for (uint8_t what = 0; what <= CASEFILE_HOST_PRESSURE_KIND_IO; what++) {
        ASK(casefile_host_pressure_t, pressure,
            call("host.get-pressure", 1, show_pressure_kind, &what),
            casefile_host_get_pressure(what, &value, &missing));
    }
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
    ASK(casefile_process_memory_t, process_memory, call("process.get-memory", 1, show_u32, &pid),
        casefile_process_get_memory(pid, &value, &missing));
    ASK(casefile_process_mappings_t, mappings, call("process.get-mappings", 1, show_u32, &pid),
        casefile_process_get_mappings(pid, &value, &missing));
    ASK(casefile_process_watches_t, watches, call("process.get-watches", 1, show_u32, &pid),
        casefile_process_get_watches(pid, &value, &missing));
    ASK(casefile_process_started_t, started, call("process.get-started", 1, show_u32, &pid),
        casefile_process_get_started(pid, &value, &missing));
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

static void ask_about_member(casefile_report *report, casefile_cgroup_member_t member)
{
    for (uint8_t what = 0; what <= CASEFILE_CGROUP_RESOURCE_KIND_CPU; what++) {
        ASK(casefile_cgroup_levels_t, levels,
            call("cgroup.limits", 2, show_member, &member, show_resource_kind, &what),
            casefile_cgroup_limits(&member, what, &value, &missing));
        ASK(casefile_cgroup_list_event_t, list_event,
            call("cgroup.events", 2, show_member, &member, show_resource_kind, &what),
            casefile_cgroup_events(&member, what, &value, &missing));
    }
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
    first.pids[first.count++] = UINT32_MAX;
    for (size_t number = 0; number < first.count && number < 2; number++) {
        casefile_cgroup_member_t member = {.tag = CASEFILE_CGROUP_MEMBER_PROCESS};
        member.val.process = first.pids[number];
        ask_about_member(report, member);
    }
    for (size_t number = 0; number < all.count && number < 3; number++) {
        casefile_cgroup_member_t member = {.tag = CASEFILE_CGROUP_MEMBER_GROUP};
        member.val.group = all.items[number];
        ask_about_member(report, member);
    }
    return true;
}

bool ask_kernel_log(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    ASK(casefile_kernel_log_coverage_t, coverage, "kernel-log.get-coverage()",
        casefile_kernel_log_get_coverage(&value, &missing));
    EACH(text, "", "oom", "größe")
    {
        TURN(casefile_kernel_log_list_line_t, list_line, 3,
             call("kernel-log.lines", 3, show_chars, *text, show_u32, &offset, show_u32, &most),
             casefile_kernel_log_lines(CASEFILE_STRING(*text), offset, most, &value, &missing));
    }
    TURN(casefile_kernel_log_list_memory_kill_t, list_memory_kill, 3,
         call("kernel-log.memory-kills", 2, show_u32, &offset, show_u32, &most),
         casefile_kernel_log_memory_kills(offset, most, &value, &missing));
    return true;
}

bool ask_network(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    EACH(name, "TcpExtListenOverflows", "TcpAttemptFails", "NoSuch")
    {
        ASK(casefile_network_counter_t, counter,
            call("network.get-counter", 1, show_chars, *name),
            casefile_network_get_counter(CASEFILE_STRING(*name), &value, &missing));
    }
    ASK(casefile_network_sockets_t, sockets, "network.get-sockets()",
        casefile_network_get_sockets(&value, &missing));
    ASK(casefile_network_counter_t, counter, "network.get-most-waiting()",
        casefile_network_get_most_waiting(&value, &missing));
    TURN(casefile_network_list_listener_t, list_listener, 4,
         call("network.listeners", 2, show_u32, &offset, show_u32, &most),
         casefile_network_listeners(offset, most, &value, &missing));
    return true;
}

#define FINGERPRINTS 3 /* that are looked at */

typedef struct fingerprints {
    casefile_string items[FINGERPRINTS + 1];
    size_t count;
} fingerprints;

/* Two of each store are looked at. */
static void ask_about_store(casefile_report *report, casefile_string path, fingerprints *found)
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
               got, show_list_certificate, &page, &absence);
        if (!got || page.len == 0) {
            return;
        }
        for (size_t number = 0; number < page.len && offset + number < 2; number++) {
            if (found->count < FINGERPRINTS) {
                found->items[found->count++] = page.ptr[number].fingerprint;
            }
        }
        offset += (uint32_t)page.len;
    }
}

static void set_option(policy_option_string_t *option, const char *chars)
{
    option->is_some = chars != NULL;
    if (option->is_some) {
        option->val = casefile_view(chars);
    }
}

static void ask_about_pool(casefile_report *report, uint8_t library, const char *version,
                           const char *file, const char *directory)
{
    casefile_trust_pool_request_t request = {.library = library};
    set_option(&request.version, version);
    set_option(&request.certificate_file, file);
    set_option(&request.certificate_directory, directory);
    ASK(casefile_trust_pool_t, pool, call("trust.get-pool", 1, show_pool_request, &request),
        casefile_trust_get_pool(&request, &value, &missing));
    TURN(casefile_trust_list_pool_certificate_t, list_pool_certificate, 3,
         call("trust.pool-certificates", 3, show_pool_request, &request, show_u32, &offset,
              show_u32, &most),
         casefile_trust_pool_certificates(&request, offset, most, &value, &missing));
}

/* Pools as they are without environment, and with it. */
static void ask_about_pools(casefile_report *report)
{
    static const char bundle[] = "/etc/ssl/certs/ca-certificates.crt";
    ask_about_pool(report, CASEFILE_TRUST_LIBRARY_GO, NULL, NULL, NULL);
    ask_about_pool(report, CASEFILE_TRUST_LIBRARY_OPENSSL, NULL, NULL, NULL);
    ask_about_pool(report, CASEFILE_TRUST_LIBRARY_GNUTLS, NULL, NULL, NULL);
    ask_about_pool(report, CASEFILE_TRUST_LIBRARY_GO, "go1.22", bundle, NULL);
    ask_about_pool(report, CASEFILE_TRUST_LIBRARY_OPENSSL, NULL, bundle, "/no/such:/etc/größe");
}

bool ask_trust(casefile_report *report, casefile_absence *absence)
{
    casefile_trust_stores_t stores;
    bool got = casefile_trust_get_stores(&stores, absence);
    result(report, "trust.get-stores()", got, show_stores, &stores, absence);
    fingerprints found = {.count = 0};
    for (size_t number = 0; got && number < stores.known.len; number++) {
        ask_about_store(report, stores.known.ptr[number].path, &found);
    }
    ask_about_store(report, casefile_view("/no/such"), &found);
    found.items[found.count++] = casefile_view("00");
    ASK(casefile_trust_layout_t, layout, "trust.get-layout()",
        casefile_trust_get_layout(&value, &missing));
    ask_about_pools(report);
    for (size_t number = 0; number < found.count; number++) {
        casefile_string *fingerprint = &found.items[number];
        ASK(casefile_trust_details_t, details,
            call("trust.get-details", 1, show_string, fingerprint),
            casefile_trust_get_details(fingerprint, &value, &missing));
        ASK(casefile_trust_known_root_t, known_root,
            call("trust.find-known-root", 1, show_string, fingerprint),
            casefile_trust_find_known_root(fingerprint, &value, &missing));
    }
    casefile_trust_known_roots_t roots;
    casefile_trust_get_known_roots(&roots);
    answer(report, "trust.get-known-roots()", show_known_roots, &roots);
    TURN(casefile_trust_list_known_root_t, list_known_root, 3,
         call("trust.missing-known-roots", 2, show_u32, &offset, show_u32, &most),
         casefile_trust_missing_known_roots(offset, most, &value, &missing));
    TURN(casefile_trust_list_drift_t, list_drift, 5,
         call("trust.drifts", 2, show_u32, &offset, show_u32, &most),
         casefile_trust_drifts(offset, most, &value, &missing));
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
    starts some = some_starts(report);
    for (size_t number = 0; number < some.count; number++) {
        uint32_t index = some.indices[number];
        ASK(policy_list_string_t, strings,
            call("environment.names-of-start", 1, show_u32, &index),
            casefile_environment_names_of_start(index, &value, &missing));
        EACH(name, "PATH", "NO_SUCH")
        {
            ASK(casefile_environment_variable_t, variable,
                call("environment.of-start", 2, show_u32, &index, show_chars, *name),
                casefile_environment_of_start(index, CASEFILE_STRING(*name), &value, &missing));
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
    EACH(path, "/", "/no/such")
    {
        ASK(casefile_files_space_t, space, call("files.get-space", 1, show_chars, *path),
            casefile_files_get_space(CASEFILE_STRING(*path), &value, &missing));
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
