/* The rules that say: findings with everything that a finding may hold. */

#include <stdlib.h>

#include "ask.h"

static casefile_finding *says(casefile_report *report, casefile_types_outcome_t outcome,
                              const char *subject)
{
    casefile_finding *finding = casefile_pass(report, subject, "says");
    finding->outcome = outcome;
    return finding;
}

static casefile_absence absence_of(const char *path, const char *detail, int reason)
{
    casefile_absence absence = {0};
    if (reason >= 0) {
        absence.state.tag = CASEFILE_TYPES_STATE_UNKNOWN;
        absence.state.val.unknown = (casefile_types_reason_t)reason;
    }
    casefile_set(&absence.path, casefile_view(path));
    casefile_set(&absence.detail, casefile_view(detail));
    return absence;
}

static void say_words(casefile_report *report)
{
    static const char *const outcomes[] = {"pass", "fail", "unknown", "not-applicable"};
    for (uint8_t outcome = 0; outcome < 4; outcome++) {
        says(report, outcome, casefile_format("outcome %s", outcomes[outcome]));
    }
    static const char *const severities[] = {"info", "low", "medium", "high", "critical"};
    for (uint8_t severity = 0; severity < 5; severity++) {
        const char *subject = casefile_format("severity %s", severities[severity]);
        casefile_severity(says(report, CASEFILE_TYPES_OUTCOME_FAIL, subject), severity);
    }
    static const char *const confidences[] = {"proven", "inferred", "heuristic"};
    for (uint8_t confidence = 0; confidence < 3; confidence++) {
        const char *subject = casefile_format("confidence %s", confidences[confidence]);
        casefile_confidence(says(report, CASEFILE_TYPES_OUTCOME_PASS, subject), confidence);
    }
}

static void say_text(casefile_report *report, const char *word, casefile_string text)
{
    casefile_finding *finding =
        says(report, CASEFILE_TYPES_OUTCOME_PASS, casefile_format("text %s", word));
    casefile_set(&finding->message, text);
    casefile_set_option(&finding->actual, text);
    casefile_set_option(&finding->wanted, text);
    casefile_set_option(&finding->remedy, text);
}

static void say_texts(casefile_report *report)
{
    static const char control[] = "\"quoted\" \\ back\n\ttab\r\x7f\0\x1b";
    static const char unit[] = "größer ";
    static char repeated[20000 * (sizeof unit - 1)];
    for (size_t at = 0; at < sizeof repeated; at += sizeof unit - 1) {
        memcpy(repeated + at, unit, sizeof unit - 1);
    }
    say_text(report, "empty", casefile_view(""));
    say_text(report, "control", (casefile_string){(uint8_t *)control, sizeof control - 1});
    say_text(report, "scripts",
             casefile_view("日本語 עברית e\u0301 \U0001f600 \U0010ffff \ufffd"));
    say_text(report, "long", (casefile_string){(uint8_t *)repeated, sizeof repeated});
    say_text(report, "least", casefile_view(casefile_format("%" PRId64, INT64_MIN)));
    say_text(report, "greatest", casefile_view(casefile_format("%" PRId64, INT64_MAX)));
    say_text(report, "greatest unsigned",
             casefile_view(casefile_format("%" PRIu64, UINT64_MAX)));
}

static void say_missing(casefile_report *report)
{
    casefile_absence first = absence_of("/absent", "", -1);
    casefile_finding *finding = casefile_unknown(report, "missing", "says", &first);
    const int reasons = CASEFILE_TYPES_REASON_NEEDS_RUNNING_KERNEL + 1;
    casefile_types_list_absence_t *missing = &finding->missing;
    missing->ptr = realloc(missing->ptr, (size_t)(1 + reasons) * sizeof *missing->ptr);
    for (int reason = 0; reason < reasons; reason++) {
        missing->ptr[missing->len++] = absence_of("/größe", "détail", reason);
    }
}

/* Read twice, cited in another order and more than once. */
static void say_evidence(casefile_report *report)
{
    casefile_absence absence;
    casefile_sysctl_setting_t setting;
    casefile_host_os_release_t os;
    casefile_evidence cited[2];
    size_t count = 0;
    if (casefile_sysctl_get(CASEFILE_STRING("kernel.ostype"), &setting, &absence)) {
        cited[count++] = setting.evidence;
    }
    if (casefile_host_os(&os, &absence)) {
        cited[count++] = os.evidence;
    }
    casefile_finding *finding = says(report, CASEFILE_TYPES_OUTCOME_PASS, "evidence");
    for (size_t at = count; at > 0; at--) {
        casefile_cite(finding, cited[at - 1]);
    }
    for (size_t at = 0; at < count; at++) {
        casefile_cite(finding, cited[at]);
    }
}

bool say_values(casefile_report *report, casefile_absence *absence)
{
    (void)absence;
    say_words(report);
    say_texts(report);
    say_missing(report);
    say_evidence(report);
    says(report, CASEFILE_TYPES_OUTCOME_PASS, "");
    return true;
}

bool say_error(casefile_report *report, casefile_absence *absence)
{
    (void)report;
    *absence = absence_of("/größe/日本", "says « nothing »", CASEFILE_TYPES_REASON_TIMED_OUT);
    return false;
}
