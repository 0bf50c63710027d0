/*
 * Writes Casefile policies in C: the contract's types (bindings/policy.h), and
 * what makes a rule short. A policy is a few functions and one table:
 *
 *     static bool backlog(casefile_report *report, casefile_absence *absence)
 *     {
 *         casefile_sysctl_number_t setting;
 *         CASEFILE_TRY(casefile_sysctl_get_number(
 *             CASEFILE_STRING("net.core.somaxconn"), &setting, absence));
 *         casefile_finding *finding = setting.value >= 1024
 *             ? casefile_pass(report, "net.core.somaxconn", "the backlog is long enough")
 *             : casefile_fail(report, "net.core.somaxconn", "connections are dropped");
 *         casefile_actual(finding, "%" PRId64, setting.value);
 *         casefile_cite(finding, setting.evidence);
 *         return true;
 *     }
 *
 *     CASEFILE_POLICY("example", "0.1.0", "Settings of the network stack",
 *         CASEFILE_RULES(
 *             CASEFILE_RULE("backlog-short", "The listen backlog is short",
 *                           MEDIUM, NETWORK, backlog)));
 *
 * The documentation of a rule is the file rules/CODE.md of the project.
 *
 * A rule is a function like the contract's getters: it gives true, or it gives
 * false and an absence, which becomes `unknown` with the evidence that was
 * missing and why. So CASEFILE_TRY around a getter is always right.
 *
 * Everything that the kit is given is copied, and what it gives lives until the
 * rule ends. An instance lives for one rule: what getters give need not be
 * freed.
 */
#ifndef CASEFILE_H
#define CASEFILE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policy.h"

#ifdef __cplusplus
#error "the kit is for C"
#endif

/* Text of the contract: UTF-8, not ended by a NUL. */
typedef policy_string_t casefile_string;
/* Why a getter has no value. */
typedef policy_absence_t casefile_absence;
/* A reference to what a fact was read from. */
typedef casefile_types_evidence_t casefile_evidence;
/* What a rule says of one subject; its fields may be set directly as well. */
typedef policy_finding_t casefile_finding;
/* The findings of a rule that is running. */
typedef struct casefile_report casefile_report;

/* ---- A policy ---- */

/* Judges: false is an absence that the rule can't do without. */
typedef bool casefile_judge(casefile_report *report, casefile_absence *absence);

typedef struct casefile_rule {
    const char *code;  /* stable: `ca-expired` */
    const char *title; /* what is wrong when it fails */
    casefile_types_severity_t severity;
    casefile_types_exit_class_t exit_class;
    casefile_judge *judge;
    const char *documentation; /* NAME of rules/NAME.md; NULL for its code */
} casefile_rule;

typedef struct casefile_parameter {
    const char *name;
    const char *documentation; /* what it does, with its unit */
    uint8_t type;              /* CASEFILE_TYPES_VALUE_... */
    bool boolean;
    int64_t integer;
    const char *text;
    const char *const *texts; /* ended by NULL */
} casefile_parameter;

typedef struct casefile_policy {
    const char *id;      /* lower-case words with hyphens */
    const char *version; /* semver */
    const char *title;   /* what it is for, in a few words */
    const casefile_rule *rules;
    const casefile_parameter *parameters;
} casefile_policy;

/* Defines the policy: id, version, title, CASEFILE_RULES(...), and where there
 * are parameters, CASEFILE_PARAMETERS(...). */
#define CASEFILE_POLICY(policy_id, policy_version, policy_title, ...)                    \
    const casefile_policy casefile_this_policy = {                                       \
        .id = policy_id, .version = policy_version, .title = policy_title, __VA_ARGS__}

#define CASEFILE_RULES(...) .rules = (const casefile_rule[]){__VA_ARGS__, {.code = NULL}}

/* A rule: CASEFILE_RULE("code", "title", MEDIUM, NETWORK, function). */
#define CASEFILE_RULE(rule_code, rule_title, rule_severity, rule_class, function)        \
    {.code = rule_code,                                                                  \
     .title = rule_title,                                                                \
     .severity = CASEFILE_TYPES_SEVERITY_##rule_severity,                                \
     .exit_class = CASEFILE_TYPES_EXIT_CLASS_##rule_class,                               \
     .judge = function}

#define CASEFILE_PARAMETERS(...)                                                         \
    .parameters = (const casefile_parameter[]){__VA_ARGS__, {.name = NULL}}

/* A parameter of each type, with its default: CASEFILE_INTEGER("days", 30,
 * "Days before the end."). */
#define CASEFILE_BOOLEAN(parameter, value, about)                                        \
    {.name = parameter,                                                                  \
     .documentation = about,                                                             \
     .type = CASEFILE_TYPES_VALUE_BOOLEAN,                                               \
     .boolean = value}
#define CASEFILE_INTEGER(parameter, value, about)                                        \
    {.name = parameter,                                                                  \
     .documentation = about,                                                             \
     .type = CASEFILE_TYPES_VALUE_INTEGER,                                               \
     .integer = value}
#define CASEFILE_TEXT(parameter, value, about)                                           \
    {.name = parameter,                                                                  \
     .documentation = about,                                                             \
     .type = CASEFILE_TYPES_VALUE_TEXT,                                                  \
     .text = value}
/* The texts come last: CASEFILE_TEXTS("skip", "What to skip.", "a", "b"). */
#define CASEFILE_TEXTS(parameter, about, ...)                                            \
    {.name = parameter,                                                                  \
     .documentation = about,                                                             \
     .type = CASEFILE_TYPES_VALUE_TEXTS,                                                 \
     .texts = (const char *const[]){__VA_ARGS__ __VA_OPT__(,) NULL}}

extern const casefile_policy casefile_this_policy;

/* ---- Absences ---- */

/* Ends the rule `unknown` where a getter has no value. */
#define CASEFILE_TRY(got)                                                                \
    do {                                                                                 \
        if (!(got)) {                                                                    \
            return false;                                                                \
        }                                                                                \
    } while (0)

/* Where none is fine, and not knowing is not: gives true, and says whether
 * there is a value; false where it can't be known.
 *
 *     bool present;
 *     CASEFILE_TRY(casefile_or_absent(
 *         casefile_files_read_text(CASEFILE_STRING("/etc/ld.so.preload"), &text, absence),
 *         &present, absence));
 */
bool casefile_or_absent(bool got, bool *present, casefile_absence *absence);

/* Whether it is certain that there is none. */
bool casefile_is_absent(const casefile_absence *absence);

/* ---- The values of parameters ---- */

bool casefile_boolean(const char *name, bool *value, casefile_absence *absence);
bool casefile_integer(const char *name, int64_t *value, casefile_absence *absence);
bool casefile_text(const char *name, casefile_string *value, casefile_absence *absence);
bool casefile_texts(const char *name, policy_list_string_t *value, casefile_absence *absence);

/* ---- Findings ---- */

/* The subject is as it should be. */
casefile_finding *casefile_pass(casefile_report *report, const char *subject,
                                const char *message);
/* The subject is not as it should be. */
casefile_finding *casefile_fail(casefile_report *report, const char *subject,
                                const char *message);
/* The rule does not concern the subject. */
casefile_finding *casefile_not_applicable(casefile_report *report, const char *subject,
                                          const char *message);
/* Evidence about the subject is missing. The absence is moved into it. */
casefile_finding *casefile_unknown(casefile_report *report, const char *subject,
                                   const char *message, casefile_absence *missing);

/* The value that was found. */
__attribute__((format(printf, 2, 3))) void casefile_actual(casefile_finding *finding,
                                                           const char *format, ...);
/* The value that the rule wants. */
__attribute__((format(printf, 2, 3))) void casefile_wanted(casefile_finding *finding,
                                                           const char *format, ...);
/* What to do about it. */
__attribute__((format(printf, 2, 3))) void casefile_remedy(casefile_finding *finding,
                                                           const char *format, ...);
/* The evidence that decides it, of what the rule has read. */
void casefile_cite(casefile_finding *finding, casefile_evidence evidence);
/* A severity of its own: CASEFILE_TYPES_SEVERITY_LOW. */
void casefile_severity(casefile_finding *finding, casefile_types_severity_t severity);
/* How sure it is, `proven` where nothing is said: CASEFILE_TYPES_CONFIDENCE_HEURISTIC. */
void casefile_confidence(casefile_finding *finding, casefile_types_confidence_t confidence);

/* ---- Text ---- */

/* Text for a getter's argument, not copied. */
static inline casefile_string casefile_view(const char *text)
{
    return (casefile_string){(uint8_t *)text, strlen(text)};
}
#define CASEFILE_STRING(text) ((casefile_string[]){casefile_view(text)})

/* For "%.*s": printf-like functions print a casefile_string so. */
#define CASEFILE_SHOWN(string) (int)(string).len, (const char *)(string).ptr

/* A copy that is ended by a NUL; it lives until the rule ends. */
char *casefile_chars(casefile_string string);
/* Text as printf(3) would print it; it lives until the rule ends. */
__attribute__((format(printf, 1, 2))) char *casefile_format(const char *format, ...);
bool casefile_equals(casefile_string string, const char *text);

/* Sets a text, and one that may be missing, to a copy: for text that may have
 * a NUL inside. */
void casefile_set(policy_string_t *field, casefile_string string);
void casefile_set_option(policy_option_string_t *field, casefile_string string);

/* A message for whoever writes the policy: CASEFILE_LOG_LEVEL_DEBUG ... */
__attribute__((format(printf, 2, 3))) void casefile_log(casefile_log_level_t level,
                                                        const char *format, ...);

/* ---- Between the kit and `casefile policy build` ---- */

/* A file of rules/, which the build makes a table of. */
typedef struct casefile_document {
    const char *name; /* without .md */
    const char *text;
} casefile_document;

/* Ended by one without a name. */
extern const casefile_document casefile_documents[];

#endif
