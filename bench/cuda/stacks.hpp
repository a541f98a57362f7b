/*
 * What every thread of the process is doing: for the log of a run that hangs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

/* Writes a backtrace of each thread to stderr; takes a tenth of a second each. Takes SIGUSR1 for it. */
void print_stacks();
