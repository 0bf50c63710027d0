/* Settings of the network stack. */

#include "casefile.h"

/* CASEFILE_TRY around a getter is always right: an absence that a rule can't do
 * without becomes `unknown`, with the evidence that was missing and why. */
static bool backlog(casefile_report *report, casefile_absence *absence)
{
    static const char subject[] = "net.core.somaxconn";
    int64_t least;
    casefile_sysctl_number_t setting;
    CASEFILE_TRY(casefile_integer("least", &least, absence));
    CASEFILE_TRY(casefile_sysctl_get_number(CASEFILE_STRING(subject), &setting, absence));

    casefile_finding *finding;
    if (setting.value >= least) {
        finding = casefile_pass(report, subject, "the listen backlog is long enough");
    } else {
        finding = casefile_fail(report, subject, "connections are dropped under load");
        casefile_remedy(finding, "set %s to %" PRId64, subject, least);
    }
    casefile_actual(finding, "%" PRId64, setting.value);
    casefile_wanted(finding, ">= %" PRId64, least);
    casefile_cite(finding, setting.evidence);
    return true;
}

CASEFILE_POLICY(
    "policy-name", "0.1.0", "Settings of the network stack",
    /* The documentation of a rule is the file rules/CODE.md. */
    CASEFILE_RULES(CASEFILE_RULE("backlog-short", "The listen backlog is short", MEDIUM, NETWORK,
                                 backlog)),
    CASEFILE_PARAMETERS(CASEFILE_INTEGER("least", 1024,
                                         "Fewest connections that may wait to be accepted.")));
