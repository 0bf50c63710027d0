/* The rules: those that ask, one for each interface, and those that say. */
#ifndef ASK_H
#define ASK_H

#include "casefile.h"
#include "show.h"

casefile_judge ask_host, ask_sysctl, ask_process, ask_cgroup, ask_elf, ask_start, ask_go_binary;
casefile_judge ask_package_db, ask_tools, ask_kernel_log, ask_network, ask_trust, ask_audit;
casefile_judge ask_environment, ask_files, ask_parameters, ask_data, ask_runtime, ask_script;
casefile_judge ask_log;
casefile_judge say_values, say_error;

/* A finding with a value. */
void answer(casefile_report *report, const char *subject, show *showing, const void *value);

/* A finding with a result. Gives whether there is a value. */
bool result(casefile_report *report, const char *subject, bool got, show *showing,
            const void *value, const casefile_absence *absence);

/* A finding with the result of a getter, which fills in `&value` or `&missing`. */
#define ASK(type, showing, subject, getter)                                              \
    do {                                                                                 \
        type value;                                                                      \
        casefile_absence missing;                                                        \
        bool got = getter;                                                               \
        result(report, subject, got, show_##showing, &value, &missing);                  \
    } while (0)

#define PAGES 3 /* that are turned */

/* The first pages of a list, which takes `offset` and `most` behind its other
 * arguments. */
#define TURN(type, showing, limit, subject, getter)                                      \
    do {                                                                                 \
        uint32_t offset = 0;                                                             \
        const uint32_t most = limit;                                                     \
        for (int turned = 0; turned < PAGES; turned++) {                                 \
            type value;                                                                  \
            casefile_absence missing;                                                    \
            bool got = getter;                                                           \
            result(report, subject, got, show_##showing, &value, &missing);              \
            if (!got || value.len == 0) {                                                \
                break;                                                                   \
            }                                                                            \
            offset += (uint32_t)value.len;                                               \
        }                                                                                \
    } while (0)

#define EACH(item, ...)                                                                  \
    for (const char *const *item = (const char *const[]){__VA_ARGS__, NULL}; *item != NULL; item++)

#define STARTS 6 /* that are looked at */

/* The indices of the first starts, and one that none has. */
typedef struct starts {
    uint32_t indices[STARTS + 1];
    size_t count;
} starts;

starts some_starts(casefile_report *report);

#endif
