/* What casefile.h promises, and the contract's two exports. */

#include "casefile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Findings stay where they are while others are added. */
typedef struct node {
    casefile_finding finding;
    struct node *next;
} node;

struct casefile_report {
    node *first;
    node *last;
    size_t count;
};

/* ---- Memory ---- */

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/* Adds room for one more to a list; the lengths of lists are small. */
static void *enlarge(void *list, size_t count, size_t size)
{
    void *memory = realloc(list, (count + 1) * size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/* Text that lives until the rule ends, newest first. */
typedef struct scratch {
    struct scratch *next;
    char text[];
} scratch;

static scratch *scratches;

static char *scratch_text(size_t length)
{
    scratch *new = allocate(1, sizeof *new + length + 1);
    new->next = scratches;
    scratches = new;
    return new->text;
}

static void release_scratches(void)
{
    while (scratches != NULL) {
        scratch *next = scratches->next;
        free(scratches);
        scratches = next;
    }
}

/* ---- Text ---- */

char *casefile_chars(casefile_string string)
{
    char *text = scratch_text(string.len);
    memcpy(text, string.ptr, string.len);
    return text;
}

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        abort();
    }
    char *text = scratch_text((size_t)length);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *casefile_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = format_text(format, arguments);
    va_end(arguments);
    return text;
}

bool casefile_equals(casefile_string string, const char *text)
{
    return string.len == strlen(text) && memcmp(string.ptr, text, string.len) == 0;
}

void casefile_set(policy_string_t *field, casefile_string string)
{
    policy_string_free(field);
    if (string.len > 0) {
        policy_string_dup_n(field, (const char *)string.ptr, string.len);
    }
}

void casefile_set_option(policy_option_string_t *field, casefile_string string)
{
    if (!field->is_some) {
        *field = (policy_option_string_t){.is_some = true};
    }
    casefile_set(&field->val, string);
}

static void set_format(policy_option_string_t *field, const char *format, va_list arguments)
{
    casefile_set_option(field, casefile_view(format_text(format, arguments)));
}

void casefile_log(casefile_log_level_t level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    casefile_log_write(level, CASEFILE_STRING(format_text(format, arguments)));
    va_end(arguments);
}

/* ---- Absences and parameters ---- */

bool casefile_is_absent(const casefile_absence *absence)
{
    return absence->state.tag == CASEFILE_TYPES_STATE_ABSENT;
}

bool casefile_or_absent(bool got, bool *present, casefile_absence *absence)
{
    *present = got;
    if (!got && casefile_is_absent(absence)) {
        casefile_types_absence_free(absence);
        return true;
    }
    return got;
}

/* Gets a parameter of a type; what it is not of. */
static bool parameter(const char *name, uint8_t type, const char *detail,
                      casefile_types_value_t *value, casefile_absence *absence)
{
    CASEFILE_TRY(casefile_parameters_get(CASEFILE_STRING(name), value, absence));
    if (value->tag == type) {
        return true;
    }
    casefile_types_value_free(value);
    *absence = (casefile_absence){.state = {.tag = CASEFILE_TYPES_STATE_UNKNOWN}};
    absence->state.val.unknown = CASEFILE_TYPES_REASON_MALFORMED;
    casefile_set(&absence->path, casefile_view(name));
    casefile_set(&absence->detail, casefile_view(detail));
    return false;
}

bool casefile_boolean(const char *name, bool *value, casefile_absence *absence)
{
    casefile_types_value_t got;
    CASEFILE_TRY(parameter(name, CASEFILE_TYPES_VALUE_BOOLEAN, "is not true or false", &got,
                           absence));
    *value = got.val.boolean;
    return true;
}

bool casefile_integer(const char *name, int64_t *value, casefile_absence *absence)
{
    casefile_types_value_t got;
    CASEFILE_TRY(
        parameter(name, CASEFILE_TYPES_VALUE_INTEGER, "is not a whole number", &got, absence));
    *value = got.val.integer;
    return true;
}

bool casefile_text(const char *name, casefile_string *value, casefile_absence *absence)
{
    casefile_types_value_t got;
    CASEFILE_TRY(parameter(name, CASEFILE_TYPES_VALUE_TEXT, "is not text", &got, absence));
    *value = got.val.text;
    return true;
}

bool casefile_texts(const char *name, policy_list_string_t *value, casefile_absence *absence)
{
    casefile_types_value_t got;
    CASEFILE_TRY(
        parameter(name, CASEFILE_TYPES_VALUE_TEXTS, "is not a list of texts", &got, absence));
    *value = got.val.texts;
    return true;
}

/* ---- Findings ---- */

static casefile_finding *add(casefile_report *report, casefile_types_outcome_t outcome,
                             const char *subject, const char *message)
{
    node *new = allocate(1, sizeof *new);
    if (report->last == NULL) {
        report->first = new;
    } else {
        report->last->next = new;
    }
    report->last = new;
    report->count++;
    new->finding.outcome = outcome;
    new->finding.confidence = CASEFILE_TYPES_CONFIDENCE_PROVEN;
    casefile_set(&new->finding.subject, casefile_view(subject));
    casefile_set(&new->finding.message, casefile_view(message));
    return &new->finding;
}

casefile_finding *casefile_pass(casefile_report *report, const char *subject,
                                const char *message)
{
    return add(report, CASEFILE_TYPES_OUTCOME_PASS, subject, message);
}

casefile_finding *casefile_fail(casefile_report *report, const char *subject,
                                const char *message)
{
    return add(report, CASEFILE_TYPES_OUTCOME_FAIL, subject, message);
}

casefile_finding *casefile_not_applicable(casefile_report *report, const char *subject,
                                          const char *message)
{
    return add(report, CASEFILE_TYPES_OUTCOME_NOT_APPLICABLE, subject, message);
}

casefile_finding *casefile_unknown(casefile_report *report, const char *subject,
                                   const char *message, casefile_absence *missing)
{
    casefile_finding *finding = add(report, CASEFILE_TYPES_OUTCOME_UNKNOWN, subject, message);
    finding->missing.ptr = allocate(1, sizeof *finding->missing.ptr);
    finding->missing.ptr[0] = *missing;
    finding->missing.len = 1;
    *missing = (casefile_absence){0};
    return finding;
}

void casefile_actual(casefile_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_format(&finding->actual, format, arguments);
    va_end(arguments);
}

void casefile_wanted(casefile_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_format(&finding->wanted, format, arguments);
    va_end(arguments);
}

void casefile_remedy(casefile_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_format(&finding->remedy, format, arguments);
    va_end(arguments);
}

void casefile_cite(casefile_finding *finding, casefile_evidence evidence)
{
    casefile_types_list_evidence_t *cited = &finding->evidence;
    cited->ptr = enlarge(cited->ptr, cited->len, sizeof *cited->ptr);
    cited->ptr[cited->len++] = evidence;
}

void casefile_severity(casefile_finding *finding, casefile_types_severity_t severity)
{
    finding->severity = (casefile_types_option_severity_t){true, severity};
}

void casefile_confidence(casefile_finding *finding, casefile_types_confidence_t confidence)
{
    finding->confidence = confidence;
}

/* ---- The contract's exports ---- */

/* The text of rules/NAME.md; empty where there is none, which the engine
 * refuses with the rule's code. */
static casefile_string documentation(const char *name)
{
    for (const casefile_document *document = casefile_documents; document->name != NULL;
         document++) {
        if (strcmp(document->name, name) == 0) {
            return casefile_view(document->text);
        }
    }
    return casefile_view("");
}

static void describe_rules(casefile_types_list_rule_t *list)
{
    for (const casefile_rule *rule = casefile_this_policy.rules;
         rule != NULL && rule->code != NULL; rule++) {
        list->ptr = enlarge(list->ptr, list->len, sizeof *list->ptr);
        casefile_types_rule_t *described = &list->ptr[list->len++];
        *described = (casefile_types_rule_t){
            .severity = rule->severity,
            .exit_class = rule->exit_class,
        };
        const char *document = rule->documentation != NULL ? rule->documentation : rule->code;
        casefile_set(&described->code, casefile_view(rule->code));
        casefile_set(&described->title, casefile_view(rule->title));
        casefile_set(&described->documentation, documentation(document));
    }
}

static casefile_types_value_t default_of(const casefile_parameter *parameter)
{
    casefile_types_value_t value = {.tag = parameter->type};
    switch (parameter->type) {
    case CASEFILE_TYPES_VALUE_BOOLEAN:
        value.val.boolean = parameter->boolean;
        break;
    case CASEFILE_TYPES_VALUE_INTEGER:
        value.val.integer = parameter->integer;
        break;
    case CASEFILE_TYPES_VALUE_TEXT:
        value.val.text = (policy_string_t){0};
        casefile_set(&value.val.text, casefile_view(parameter->text));
        break;
    default:
        value.val.texts = (policy_list_string_t){0};
        for (const char *const *text = parameter->texts; *text != NULL; text++) {
            policy_list_string_t *list = &value.val.texts;
            list->ptr = enlarge(list->ptr, list->len, sizeof *list->ptr);
            list->ptr[list->len] = (policy_string_t){0};
            casefile_set(&list->ptr[list->len++], casefile_view(*text));
        }
    }
    return value;
}

static void describe_parameters(casefile_types_list_parameter_t *list)
{
    for (const casefile_parameter *parameter = casefile_this_policy.parameters;
         parameter != NULL && parameter->name != NULL; parameter++) {
        list->ptr = enlarge(list->ptr, list->len, sizeof *list->ptr);
        casefile_types_parameter_t *described = &list->ptr[list->len++];
        *described = (casefile_types_parameter_t){.default_ = default_of(parameter)};
        casefile_set(&described->name, casefile_view(parameter->name));
        casefile_set(&described->documentation, casefile_view(parameter->documentation));
    }
}

void exports_policy_describe(policy_description_t *description)
{
    *description = (policy_description_t){0};
    casefile_set(&description->id, casefile_view(casefile_this_policy.id));
    casefile_set(&description->version, casefile_view(casefile_this_policy.version));
    casefile_set(&description->title, casefile_view(casefile_this_policy.title));
    describe_rules(&description->rules);
    describe_parameters(&description->parameters);
}

/* The engine asks only for codes that it was given. */
static const casefile_rule *find(casefile_string code)
{
    const casefile_rule *rule = casefile_this_policy.rules;
    while (!casefile_equals(code, rule->code)) {
        rule++;
        if (rule->code == NULL) {
            abort();
        }
    }
    return rule;
}

/* Moves the findings into one list, or frees them. */
static void gather(casefile_report *report, policy_list_finding_t *findings)
{
    if (findings != NULL) {
        *findings = (policy_list_finding_t){0};
        if (report->count > 0) {
            findings->ptr = allocate(report->count, sizeof *findings->ptr);
        }
    }
    while (report->first != NULL) {
        node *next = report->first->next;
        if (findings != NULL) {
            findings->ptr[findings->len++] = report->first->finding;
        } else {
            casefile_types_finding_free(&report->first->finding);
        }
        free(report->first);
        report->first = next;
    }
}

bool exports_policy_evaluate(policy_string_t *code, policy_list_finding_t *findings,
                             policy_absence_t *absence)
{
    const casefile_rule *rule = find(*code);
    policy_string_free(code);
    *absence = (casefile_absence){0};
    casefile_report report = {0};
    bool judged = rule->judge(&report, absence);
    gather(&report, judged ? findings : NULL);
    release_scratches();
    return judged;
}

/* The generated bindings want a name of the object file that binds them to the
 * contract; `casefile policy build` does that by itself. */
void __component_type_object_force_link_policy(void);
void __component_type_object_force_link_policy(void) {}
