/* The conformance policy, in C. What it asks and how values are written:
 * policies/conformance/README.md. */

#include "ask.h"

#define ASKS(name, rule_severity, rule_class, function)                                  \
    {.code = name,                                                                       \
     .title = "Asks " name ", « " name " »",                                             \
     .severity = CASEFILE_TYPES_SEVERITY_##rule_severity,                                \
     .exit_class = CASEFILE_TYPES_EXIT_CLASS_##rule_class,                               \
     .documentation = "any",                                                             \
     .judge = function}

CASEFILE_POLICY(
    "conformance", "1.0.0", "Asks everything — 日本語, עברית",
    CASEFILE_RULES(ASKS("host", INFO, NETWORK, ask_host), ASKS("sysctl", LOW, LIMITS, ask_sysctl),
                   ASKS("process", MEDIUM, LIMITS, ask_process),
                   ASKS("cgroup", HIGH, LIMITS, ask_cgroup), ASKS("elf", CRITICAL, ELF, ask_elf),
                   ASKS("start", INFO, ELF, ask_start),
                   ASKS("go-binary", LOW, GO_RUNTIME, ask_go_binary),
                   ASKS("package-db", MEDIUM, NETWORK, ask_package_db),
                   ASKS("tools", HIGH, NETWORK, ask_tools),
                   ASKS("kernel-log", CRITICAL, LIMITS, ask_kernel_log),
                   ASKS("network", INFO, NETWORK, ask_network),
                   ASKS("trust", INFO, CERTIFICATES, ask_trust),
                   ASKS("audit", LOW, ACCESS_CONTROL, ask_audit),
                   ASKS("environment", MEDIUM, GO_RUNTIME, ask_environment),
                   ASKS("files", HIGH, UNIT, ask_files),
                   ASKS("parameters", CRITICAL, NETWORK, ask_parameters),
                   ASKS("data", INFO, NETWORK, ask_data),
                   ASKS("runtime", LOW, NETWORK, ask_runtime),
                   ASKS("script", LOW, NETWORK, ask_script),
                   ASKS("log", LOW, NETWORK, ask_log),
                   ASKS("values", MEDIUM, NETWORK, say_values),
                   ASKS("error", MEDIUM, NETWORK, say_error)),
    CASEFILE_PARAMETERS(CASEFILE_BOOLEAN("boolean", true, "Yes or no."),
                        CASEFILE_INTEGER("least", INT64_MIN, "The least number."),
                        CASEFILE_INTEGER("greatest", INT64_MAX, "The greatest number."),
                        CASEFILE_TEXT("text", "größer als « 日本 »", "A text."),
                        CASEFILE_TEXT("empty", "", "No text."),
                        CASEFILE_TEXTS("texts", "Texts.", "one", "", "ü"),
                        CASEFILE_TEXTS("none", "No texts.")));
