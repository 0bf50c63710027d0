/*
 * What a policy in C may try with the C library of WASI: each rule tries one
 * thing. What it must end in stands in cases/ends.toml.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "casefile.h"

static bool says(casefile_report *report, const char *text)
{
    casefile_actual(casefile_pass(report, "escape", "has gone on"), "%s", text);
    return true;
}

static bool opens_file(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    FILE *file = fopen("/etc/hostname", "r");
    const char *opened = file != NULL ? "opened" : strerror(errno);
    int created = open("/tmp/escape", O_CREAT | O_WRONLY, 0600);
    return says(report, casefile_format("read: %s; write: %s", opened,
                                        created >= 0 ? "opened" : strerror(errno)));
}

static bool reads_environment(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    const char *path = getenv("PATH");
    char folder[100];
    const char *here = getcwd(folder, sizeof folder);
    return says(report, casefile_format("PATH: %s; folder: %s", path != NULL ? path : "none",
                                        here != NULL ? here : strerror(errno)));
}

/* This C library has neither socket() nor connect(): it tries descriptors that
 * a host may have given. */
static bool connects(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    int found = 0;
    for (int descriptor = 0; descriptor < 64; descriptor++) {
        found += accept(descriptor, NULL, NULL) >= 0 || send(descriptor, "x", 1, 0) >= 0;
    }
    return says(report, casefile_format("%d sockets; %s", found, strerror(errno)));
}

static bool reads_clock_twice(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    struct timespec first, second;
    clock_gettime(CLOCK_REALTIME, &first);
    nanosleep(&(struct timespec){3600, 0}, NULL);
    clock_gettime(CLOCK_REALTIME, &second);
    return says(report, casefile_format("after %lld: %lld s", first.tv_sec - casefile_runtime_now(),
                                        (long long)(second.tv_sec - first.tv_sec)));
}

/* This C library has no fork(), exec() or system(): it ends its own. */
static bool spawns(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    if (report != NULL) {
        _Exit(0);
    }
    return says(report, "is still there");
}

static bool reads_random_twice(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    unsigned long long first, second;
    if (getentropy(&first, sizeof first) != 0 || getentropy(&second, sizeof second) != 0) {
        return says(report, strerror(errno));
    }
    return says(report, first == second ? "the same" : "different");
}

static bool writes_gigabyte(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    static char bytes[1 << 20];
    memset(bytes, 'x', sizeof bytes);
    size_t written = 0;
    for (int round = 0; round < 1024; round++) {
        ssize_t now = write(STDOUT_FILENO, bytes, sizeof bytes);
        if (now < 0) {
            return says(report, casefile_format("%zu bytes, then %s", written, strerror(errno)));
        }
        written += (size_t)now;
    }
    return says(report, casefile_format("%zu bytes", written));
}

#define TRIES(name, function)                                                            \
    {.code = name,                                                                       \
     .title = "Tries " name,                                                             \
     .severity = CASEFILE_TYPES_SEVERITY_INFO,                                           \
     .exit_class = CASEFILE_TYPES_EXIT_CLASS_NETWORK,                                    \
     .documentation = "any",                                                             \
     .judge = function}

CASEFILE_POLICY("escapes-wasi", "1.0.0", "Tries what is not allowed, with a C library",
                CASEFILE_RULES(TRIES("opens-file", opens_file),
                               TRIES("reads-environment", reads_environment),
                               TRIES("connects", connects),
                               TRIES("reads-clock-twice", reads_clock_twice),
                               TRIES("spawns", spawns),
                               TRIES("reads-random-twice", reads_random_twice),
                               TRIES("writes-gigabyte", writes_gigabyte)));
