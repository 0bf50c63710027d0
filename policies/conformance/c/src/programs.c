/* The rules that ask about programs: what they are, how they start, and what
 * they come from. */

#include "ask.h"

#define PROGRAMS 6 /* that are looked at */

starts some_starts(casefile_report *report)
{
    const uint32_t offset = 0;
    const uint32_t limit = STARTS;
    casefile_absence absence;
    casefile_start_list_start_t page;
    bool got = casefile_start_starts(offset, limit, &page, &absence);
    result(report, call("start.starts", 2, show_u32, &offset, show_u32, &limit), got,
           show_list_start, &page, &absence);
    starts some = {.count = 0};
    for (size_t number = 0; got && number < page.len && number < STARTS; number++) {
        some.indices[some.count++] = page.ptr[number].index;
    }
    some.indices[some.count++] = UINT32_MAX;
    return some;
}

/* Paths of programs; there is room for four more. */
typedef struct programs {
    casefile_string paths[PROGRAMS + 4];
    size_t count;
} programs;

/* The paths of the first programs, as pages of four give them. */
static programs first_programs(casefile_report *report)
{
    programs first = {.count = 0};
    const uint32_t limit = 4;
    for (uint32_t offset = 0; first.count < PROGRAMS; offset += limit) {
        casefile_absence absence;
        casefile_elf_list_program_t page;
        bool got = casefile_elf_programs(offset, limit, &page, &absence);
        result(report, call("elf.programs", 2, show_u32, &offset, show_u32, &limit), got,
               show_list_program, &page, &absence);
        if (!got || page.len == 0) {
            break;
        }
        for (size_t number = 0; number < page.len && number < limit; number++) {
            first.paths[first.count++] = page.ptr[number].path;
        }
    }
    if (first.count > PROGRAMS) {
        first.count = PROGRAMS;
    }
    return first;
}

static casefile_elf_option_launch_t some_launch(void)
{
    casefile_elf_option_launch_t launch = {.is_some = true};
    launch.val.library_path =
        (policy_option_string_t){true, casefile_view("/opt/lib::/usr/lib/größe")};
    launch.val.preload =
        (policy_option_string_t){true, casefile_view("/no/such/größe.so libm.so.6")};
    launch.val.secure = (policy_option_bool_t){true, false};
    launch.val.working_directory = (policy_option_string_t){true, casefile_view("/opt")};
    return launch;
}

static void ask_about_program(casefile_report *report, casefile_string path)
{
    ASK(casefile_elf_file_t, elf_file, call("elf.get-file", 1, show_string, &path),
        casefile_elf_get_file(&path, &value, &missing));
    casefile_elf_option_launch_t launches[] = {{.is_some = false}, some_launch()};
    for (size_t number = 0; number < 2; number++) {
        casefile_elf_option_launch_t *launch = &launches[number];
        ASK(casefile_elf_resolution_t, resolution,
            call("elf.resolve", 2, show_string, &path, show_option_launch, launch),
            casefile_elf_resolve(&path, launch->is_some ? &launch->val : NULL, &value,
                                 &missing));
    }
    ASK(casefile_elf_list_version_need_t, list_version_need,
        call("elf.version-needs", 1, show_string, &path),
        casefile_elf_version_needs(&path, &value, &missing));
    ASK(policy_list_string_t, strings, call("elf.version-definitions", 1, show_string, &path),
        casefile_elf_version_definitions(&path, &value, &missing));
    ASK(casefile_elf_list_section_t, list_section,
        call("elf.sections", 1, show_string, &path),
        casefile_elf_sections(&path, &value, &missing));
    ASK(casefile_elf_list_dlopen_note_t, list_dlopen_note,
        call("elf.dlopen-notes", 1, show_string, &path),
        casefile_elf_dlopen_notes(&path, &value, &missing));
}

bool ask_elf(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    programs first = first_programs(report);
    for (size_t number = 0; number < first.count; number++) {
        ask_about_program(report, first.paths[number]);
    }
    EACH(path, "/etc/os-release", "/no/such", "relative", "")
    {
        ask_about_program(report, casefile_view(*path));
    }
    starts some = some_starts(report);
    for (size_t number = 0; number < some.count; number++) {
        uint32_t index = some.indices[number];
        ASK(casefile_elf_resolution_t, resolution,
            call("elf.resolve-start", 1, show_u32, &index),
            casefile_elf_resolve_start(index, &value, &missing));
    }
    ASK(casefile_elf_cache_t, cache, "elf.get-cache()",
        casefile_elf_get_cache(&value, &missing));
    TURN(casefile_elf_list_stale_entry_t, list_stale_entry, 3,
         call("elf.stale-entries", 2, show_u32, &offset, show_u32, &most),
         casefile_elf_stale_entries(offset, most, &value, &missing));
    return true;
}

bool ask_start(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_start_scope_t scope = casefile_start_get_scope();
    answer(report, "start.get-scope()", show_scope, &scope);
    TURN(casefile_start_list_start_t, list_start, 4,
         call("start.starts", 2, show_u32, &offset, show_u32, &most),
         casefile_start_starts(offset, most, &value, &missing));
    TURN(casefile_start_list_hidden_t, list_hidden, 4,
         call("start.hidden-processes", 2, show_u32, &offset, show_u32, &most),
         casefile_start_hidden_processes(offset, most, &value, &missing));
    return true;
}

static void ask_about_go(casefile_report *report, casefile_string path)
{
    ASK(casefile_go_binary_program_t, go_program,
        call("go-binary.get", 1, show_string, &path),
        casefile_go_binary_get(&path, &value, &missing));
    TURN(casefile_go_binary_list_module_t, list_go_module, 3,
         call("go-binary.dependencies", 3, show_string, &path, show_u32, &offset, show_u32,
              &most),
         casefile_go_binary_dependencies(&path, offset, most, &value, &missing));
    casefile_go_binary_function_filter_t functions[] = {
        {.in_main_module = false},
        {.name = {true, casefile_view("main.main")}},
        {.package = {true, casefile_view("net/http")}},
        {.in_main_module = true},
    };
    for (size_t number = 0; number < sizeof functions / sizeof *functions; number++) {
        casefile_go_binary_function_filter_t *filter = &functions[number];
        TURN(casefile_go_binary_list_function_t, list_go_function, 3,
             call("go-binary.functions", 4, show_string, &path, show_function_filter, filter,
                  show_u32, &offset, show_u32, &most),
             casefile_go_binary_functions(&path, filter, offset, most, &value, &missing));
    }
    casefile_go_binary_call_filter_t calls[] = {
        {.from_main_module = false},
        {.callee = {true, casefile_view("net/http.(*Client).Do")}},
        {{true, casefile_view("main")}, {true, casefile_view("os.Exit")}, true},
    };
    for (size_t number = 0; number < sizeof calls / sizeof *calls; number++) {
        casefile_go_binary_call_filter_t *filter = &calls[number];
        TURN(casefile_go_binary_list_call_t, list_go_call, 3,
             call("go-binary.calls", 4, show_string, &path, show_call_filter, filter, show_u32,
                  &offset, show_u32, &most),
             casefile_go_binary_calls(&path, filter, offset, most, &value, &missing));
    }
}

bool ask_go_binary(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    programs first = first_programs(report);
    for (size_t number = 0; number < first.count; number++) {
        ask_about_go(report, first.paths[number]);
    }
    ask_about_go(report, casefile_view("/no/such"));
    return true;
}

static void compare_versions(casefile_report *report)
{
    static const char *const versions[][2] = {
        {"1.0", "1.0"}, {"1.0~rc1", "1.0"}, {"1:1", "2"}, {"1.10-r1", "1.9-r2"}, {"größe", ""},
    };
    for (uint8_t manager = 0; manager <= CASEFILE_PACKAGE_DB_MANAGER_APK; manager++) {
        for (size_t number = 0; number < sizeof versions / sizeof *versions; number++) {
            const char *first = versions[number][0];
            const char *second = versions[number][1];
            casefile_package_db_order_t order = casefile_package_db_compare(
                manager, CASEFILE_STRING(first), CASEFILE_STRING(second));
            answer(report,
                   call("package-db.compare", 3, show_manager, &manager, show_chars, first,
                        show_chars, second),
                   show_order, &order);
        }
    }
}

bool ask_package_db(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    ASK(casefile_package_db_list_database_t, list_database, "package-db.databases()",
        casefile_package_db_databases(&value, &missing));
    EACH(name, "libc6", "glibc", "musl", "no-such")
    {
        ASK(casefile_package_db_list_package_t, list_installed,
            call("package-db.find", 1, show_chars, *name),
            casefile_package_db_find(CASEFILE_STRING(*name), &value, &missing));
    }
    TURN(casefile_package_db_list_package_t, list_installed, 3,
         call("package-db.packages", 2, show_u32, &offset, show_u32, &most),
         casefile_package_db_packages(offset, most, &value, &missing));
    EACH(path, "/bin/sh", "/usr/bin/curl", "/no/such")
    {
        ASK(casefile_package_db_package_t, installed,
            call("package-db.owner", 1, show_chars, *path),
            casefile_package_db_owner(CASEFILE_STRING(*path), &value, &missing));
    }
    compare_versions(report);
    return true;
}

static void ask_about_tool(casefile_report *report, casefile_string name)
{
    ASK(casefile_tools_tool_t, tool, call("tools.get", 1, show_string, &name),
        casefile_tools_get(&name, &value, &missing));
}

bool ask_tools(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    policy_list_string_t names;
    casefile_tools_names(&names);
    answer(report, "tools.names()", show_strings, &names);
    for (size_t number = 0; number < names.len; number++) {
        ask_about_tool(report, names.ptr[number]);
    }
    ask_about_tool(report, casefile_view("no-such"));
    return true;
}
