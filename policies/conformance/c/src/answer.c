/* The findings of rules that ask. */

#include "ask.h"

#include <stdlib.h>

/* A finding with a value that is already text. */
static void answer_text(casefile_report *report, const char *subject, const text *shown)
{
    casefile_finding *finding = casefile_pass(report, subject, "answers");
    casefile_set_option(&finding->actual, view_of(shown));
}

void answer(casefile_report *report, const char *subject, show *showing,
                   const void *value)
{
    text shown = {0};
    showing(&shown, value);
    answer_text(report, subject, &shown);
    free(shown.bytes);
}

/* A finding with a result. Gives whether there is a value. */
bool result(casefile_report *report, const char *subject, bool got, show *showing,
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
