/* What the build makes of rules/ for policies without a C library of their own. */

#include "casefile.h"

const casefile_document casefile_documents[] = {
    {"any", "## What it checks\n\nWhether a policy in C gets out of its sandbox.\n\n"
            "## Why it matters\n\nPolicies are made by anyone.\n\n"
            "## How to fix\n\nMend the sandbox.\n\n"
            "## References\n\n- policies/escapes/c-wasi/cases/ends.toml\n"},
    {NULL, NULL},
};
