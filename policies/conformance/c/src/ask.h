/* The rules: those that ask, one for each interface, and those that say. */
#ifndef ASK_H
#define ASK_H

#include "casefile.h"

casefile_judge ask_host, ask_sysctl, ask_process, ask_cgroup, ask_elf, ask_trust, ask_audit;
casefile_judge ask_environment, ask_files, ask_parameters, ask_data, ask_runtime, ask_script;
casefile_judge ask_log;
casefile_judge say_values, say_error;

#endif
