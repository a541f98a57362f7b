/*
 * How the bad-input programs judge a refused call: the exact code, and a message that names the
 * function and the argument. SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_TESTS_BAD_INPUT_H
#define XSCHED_TESTS_BAD_INPUT_H

#include "check.h"

/* Outputs hold this before a call that must not write them. */
#define UNTOUCHED 0x5A5A5A5A5A5A5A5A

/* `call` is the text of a call, or the name of a function: what is before the first parenthesis. */
static inline void check_refused(const char *file, int line, const char *call, XResult expected,
                                 const char *argument, XResult actual) {
    const char *message = XSchedLastErrorMessage();
    const size_t name_length = strcspn(call, "(");
    check_result(file, line, call, expected, actual);
    if (strncmp(message, call, name_length) != 0 || message[name_length] != ':') {
        fprintf(stderr, "message: %s\n", message);
        check_failed(file, line, "the message starts with the function's name");
    }
    if (strstr(message + name_length, argument) == NULL) {
        fprintf(stderr, "message: %s\n", message);
        check_failed(file, line, argument);
    }
}

/* `argument` is the argument's name in the header, or a word that the reason must contain. */
#define REFUSED(expected, argument, call)                                                          \
    check_refused(__FILE__, __LINE__, #call, kXSchedError##expected, (argument), (call))

static inline XResult succeed(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    return kXSchedSuccess;
}

#endif
