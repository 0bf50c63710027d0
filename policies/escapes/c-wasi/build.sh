#!/bin/sh
# Builds the module with the C library of WASI, which zig carries; of a wasi-sdk,
# CASEFILE_CC is its clang. `casefile policy build build/module.wasm -o FILE`
# makes the component.
set -eu
cd "$(dirname "$0")"
kit=../../sdk/c
mkdir -p build
# CASEFILE_CC is words, and the compiler is to see each of them.
# shellcheck disable=SC2086
${CASEFILE_CC:-zig cc} -target wasm32-wasi -mexec-model=reactor -std=gnu17 -Os -s \
    -Wl,-z,stack-size=65536 -I $kit -isystem $kit/bindings -w \
    src/policy.c src/documentation.c $kit/casefile.c $kit/bindings/policy.c \
    -o build/module.wasm
