/*
 * What a policy in C may do wrong without any library: each rule tries one thing.
 * What it must end in stands in cases/ends.toml.
 */

#include <stdlib.h>

#include "casefile.h"

/* Reads through it are not known to the compiler. */
#define HIDDEN(type, value) (*(type volatile[]){(type)(value)})

static bool says(casefile_report *report, const char *text)
{
    casefile_actual(casefile_pass(report, "escape", "has gone on"), "%s", text);
    return true;
}

static bool grows_memory(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    size_t taken = 0;
    for (size_t size = 1 << 20;; taken++) {
        char *bytes = malloc(size);
        if (bytes == NULL) {
            return says(report, casefile_format("%zu MiB", taken));
        }
        memset(bytes, 1, size);
    }
}

static bool loops(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    for (volatile unsigned round = 0;; round++) {
        if (HIDDEN(int, 0)) {
            return says(report, "no end");
        }
    }
}

static bool writes_null(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    *HIDDEN(volatile int *, 0) = 7;
    return says(report, "address 0 is a part of memory");
}

static bool touches_outside(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    int read = *HIDDEN(volatile int *, 0xfffffff0);
    return says(report, casefile_format("%d", read));
}

static int deeper(int depth)
{
    volatile char room[256];
    room[depth & 255] = (char)depth;
    return HIDDEN(int, 1) ? deeper(depth + 1) + room[0] : depth;
}

static bool overflows_stack(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    return says(report, casefile_format("%d", deeper(0)));
}

static bool frees_twice(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    char *volatile bytes = malloc(100);
    free(bytes);
    free(bytes);
    return says(report, "nothing has noticed");
}

static bool divides_by_zero(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    return says(report, casefile_format("%d", 7 / HIDDEN(int, 0)));
}

/* A function of another type than it is called by. */
typedef int wrong_function(long long);

static bool calls_wrongly(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    wrong_function *function = HIDDEN(wrong_function *, (void *)&deeper);
    return says(report, casefile_format("%d", function(7)));
}

/* ---- Findings that are none ---- */

static bool returns_bad_pointer(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_finding *finding = casefile_pass(report, "escape", "has gone on");
    finding->subject = (casefile_string){(uint8_t *)0xfffffff0, 64};
    return true;
}

static bool returns_bad_length(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_finding *finding = casefile_pass(report, "escape", "has gone on");
    finding->subject.len = 0xffffffff;
    return true;
}

static bool returns_bad_list(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_finding *finding = casefile_pass(report, "escape", "has gone on");
    finding->evidence.ptr = (casefile_evidence *)1;
    finding->evidence.len = 1;
    return true;
}

static bool returns_bad_text(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_pass(report, "\xff\xfe", "has gone on");
    return true;
}

static bool returns_bad_outcome(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_pass(report, "escape", "has gone on")->outcome = 9;
    return true;
}

static bool cites_unread(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    casefile_cite(casefile_pass(report, "escape", "has gone on"), 0);
    return true;
}

#define TRIES(name, function)                                                            \
    {.code = name,                                                                       \
     .title = "Tries " name,                                                             \
     .severity = CASEFILE_TYPES_SEVERITY_INFO,                                           \
     .exit_class = CASEFILE_TYPES_EXIT_CLASS_NETWORK,                                    \
     .documentation = "any",                                                             \
     .judge = function}

CASEFILE_POLICY("escapes", "1.0.0", "Tries what is not allowed",
                CASEFILE_RULES(TRIES("grows-memory", grows_memory), TRIES("loops", loops),
                               TRIES("writes-null", writes_null),
                               TRIES("touches-outside", touches_outside),
                               TRIES("overflows-stack", overflows_stack),
                               TRIES("frees-twice", frees_twice),
                               TRIES("divides-by-zero", divides_by_zero),
                               TRIES("calls-wrongly", calls_wrongly),
                               TRIES("returns-bad-pointer", returns_bad_pointer),
                               TRIES("returns-bad-length", returns_bad_length),
                               TRIES("returns-bad-list", returns_bad_list),
                               TRIES("returns-bad-text", returns_bad_text),
                               TRIES("returns-bad-outcome", returns_bad_outcome),
                               TRIES("cites-unread", cites_unread)));
