/* The template's policy and the kit, called as the engine calls them, with
 * imports that are answered here. The sanitizer sees what is used after it was
 * freed, freed twice, or not freed in the end. */
#include "../casefile.c"

#include "check.h"

/* The canonical ABI's exports. */
uint8_t *__wasm_export_exports_policy_describe(void);
void __wasm_export_exports_policy_describe_post_return(uint8_t *area);
uint8_t *__wasm_export_exports_policy_evaluate(uint8_t *rule, size_t length);
void __wasm_export_exports_policy_evaluate_post_return(uint8_t *area);
void *cabi_realloc(void *memory, size_t old_size, size_t align, size_t size);

const casefile_document casefile_documents[] = {{"other", "no"}, {"backlog-short", "## What"}, {0}};

/* What the host says. */
static struct {
    int64_t least;
    bool least_is_text;
    bool found;
    int64_t value;
    int reason; /* -1 for absent */
} host;

static uint8_t *give(const char *text)
{
    uint8_t *bytes = cabi_realloc(NULL, 0, 1, strlen(text));
    memcpy(bytes, text, strlen(text));
    return bytes;
}

static void put(uint8_t *area, size_t at, const void *value, size_t size)
{
    memcpy(area + at, value, size);
}

static void put_string(uint8_t *area, size_t at, const char *text)
{
    uint8_t *bytes = give(text);
    size_t length = strlen(text);
    put(area, at, &bytes, sizeof bytes);
    put(area, at + sizeof bytes, &length, sizeof length);
}

/* result<value, absence>: the tag, then at 8 the value or the error. */
void __wasm_import_casefile_parameters_get(uint8_t *name, size_t length, uint8_t *area)
{
    CHECK(length == 5 && memcmp(name, "least", 5) == 0, "%.*s", (int)length, (char *)name);
    area[0] = 0;
    area[8] = host.least_is_text ? CASEFILE_TYPES_VALUE_TEXT : CASEFILE_TYPES_VALUE_INTEGER;
    if (host.least_is_text) {
        put_string(area, 16, "many");
    } else {
        put(area, 16, &host.least, 8);
    }
}

void __wasm_import_casefile_sysctl_get_number(uint8_t *name, size_t length, uint8_t *area)
{
    CHECK(length == 18 && memcmp(name, "net.core.somaxconn", 18) == 0, "%.18s", (char *)name);
    area[0] = !host.found;
    if (host.found) {
        put(area, 8, &host.value, 8);
        put(area, 16, &(uint32_t){7}, 4);
        return;
    }
    put_string(area, 8, "/proc/sys/net/core/somaxconn");
    area[24] = host.reason >= 0;
    area[25] = (uint8_t)(host.reason >= 0 ? host.reason : 0);
    put_string(area, 32, "");
}

static bool has(casefile_string string, const char *text)
{
    return casefile_equals(string, text);
}

static void test_describe(void)
{
    uint8_t *area = __wasm_export_exports_policy_describe();
    /* The area is laid out as the type, on machines of 32 and of 64 bits. */
    const policy_description_t *description = (const void *)area;
    CHECK(has(description->id, "policy-name"), "id");
    CHECK(has(description->version, "0.1.0"), "version");
    CHECK(description->rules.len == 1, "%zu rules", description->rules.len);
    CHECK(has(description->rules.ptr[0].code, "backlog-short"), "code");
    CHECK(has(description->rules.ptr[0].documentation, "## What"), "documentation");
    CHECK(description->rules.ptr[0].severity == CASEFILE_TYPES_SEVERITY_MEDIUM, "severity");
    CHECK(description->parameters.len == 1, "%zu parameters", description->parameters.len);
    CHECK(description->parameters.ptr[0].default_.val.integer == 1024, "default");
    CHECK(!description->needs.is_some, "needs");
    __wasm_export_exports_policy_describe_post_return(area);
}

static uint8_t *evaluate(void)
{
    uint8_t *area = __wasm_export_exports_policy_evaluate(give("backlog-short"), 13);
    CHECK(scratches == NULL, "text is left over");
    return area;
}

static void test_finding(int64_t value, casefile_types_outcome_t outcome, const char *actual,
                         const char *remedy)
{
    host.found = true;
    host.value = value;
    uint8_t *area = evaluate();
    const policy_result_list_finding_absence_t *given = (const void *)area;
    CHECK(!given->is_err && given->val.ok.len == 1, "%zu findings", given->val.ok.len);
    const casefile_finding *finding = given->val.ok.ptr;
    CHECK(finding->outcome == outcome, "%d", finding->outcome);
    CHECK(has(finding->subject, "net.core.somaxconn"), "subject");
    CHECK(finding->actual.is_some && has(finding->actual.val, actual), "actual, not %s", actual);
    CHECK(has(finding->wanted.val, ">= 1024"), "wanted");
    CHECK(finding->remedy.is_some == (remedy != NULL), "remedy");
    CHECK(remedy == NULL || has(finding->remedy.val, remedy), "remedy, not %s", remedy);
    CHECK(finding->evidence.len == 1 && finding->evidence.ptr[0] == 7, "evidence");
    CHECK(finding->missing.len == 0, "missing");
    __wasm_export_exports_policy_evaluate_post_return(area);
}

static void test_absence(int reason, const char *path, const char *detail)
{
    host.found = false;
    host.reason = reason;
    uint8_t *area = evaluate();
    const policy_result_list_finding_absence_t *given = (const void *)area;
    CHECK(given->is_err, "no absence");
    const casefile_absence *absence = &given->val.err;
    CHECK(has(absence->path, path), "%.*s", CASEFILE_SHOWN(absence->path));
    CHECK(has(absence->detail, detail), "%.*s", CASEFILE_SHOWN(absence->detail));
    CHECK(casefile_is_absent(absence) == (reason < 0), "state");
    CHECK(reason < 0 || absence->state.val.unknown == reason, "reason");
    __wasm_export_exports_policy_evaluate_post_return(area);
}

static void test_or_absent(void)
{
    host.found = false;
    for (host.reason = -1; host.reason < 2; host.reason++) {
        casefile_absence absence;
        casefile_sysctl_number_t number;
        bool present = true;
        bool known = casefile_or_absent(
            casefile_sysctl_get_number(CASEFILE_STRING("net.core.somaxconn"), &number, &absence),
            &present, &absence);
        CHECK(known == (host.reason < 0), "reason %d", host.reason);
        CHECK(!present, "reason %d", host.reason);
        if (!known) {
            casefile_types_absence_free(&absence);
        }
    }
}

int main(void)
{
    host.least = 1024;
    test_describe();
    test_finding(1024, CASEFILE_TYPES_OUTCOME_PASS, "1024", NULL);
    test_finding(INT64_MIN, CASEFILE_TYPES_OUTCOME_FAIL, "-9223372036854775808",
                 "set net.core.somaxconn to 1024");
    test_absence(-1, "/proc/sys/net/core/somaxconn", "");
    test_absence(CASEFILE_TYPES_REASON_DENIED, "/proc/sys/net/core/somaxconn", "");
    test_or_absent();
    host.least_is_text = true;
    test_absence(CASEFILE_TYPES_REASON_MALFORMED, "least", "is not a whole number");
    return 0;
}
