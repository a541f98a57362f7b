/*
 * Programs that run themselves again with a setting, in a process of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/check.hpp"

#include <string>
#include <sys/wait.h>

/* How a child ended; one that hangs is ended by a signal. */
inline int wait_for_child(pid_t child) {
    int status = 0;
    CHECK(child > 0);
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}
inline bool ended_well(int status) {
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* This program, with a variable and its value as the only argument. */
inline pid_t start_again(const char *variable, const char *value) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(kDeadline.count());
        setenv(variable, value, 1);
        execl("/proc/self/exe", "again", value, nullptr);
        fail(__FILE__, __LINE__, "exec");
    }
    return child;
}

inline void again_with(const char *variable, const char *value) {
    say("%s=%s", variable, value);
    if (!ended_well(wait_for_child(start_again(variable, value)))) {
        fail(__FILE__, __LINE__, "fails with ", (std::string(variable) + "=" + value).c_str());
    }
}

/* The same; how many lines of its log have this text in them. It has to end well. */
inline int lines_of_log(const char *variable, const char *value, const char *text) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(kDeadline.count());
        setenv(variable, value, 1);
        setenv("XLOG_LEVEL", "INFO", 1);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "again", value, nullptr);
        _exit(1);
    }
    close(ends[1]);
    FILE *log = fdopen(ends[0], "r");
    int lines = 0;
    for (char line[1024]; std::fgets(line, sizeof line, log) != nullptr;) {
        std::fputs(line, stderr);
        lines += std::strstr(line, text) != nullptr;
    }
    std::fclose(log);
    CHECK(ended_well(wait_for_child(child)));
    return lines;
}

/* Runs `body` in a child that is forked, but not replaced. */
template <typename Body>
int in_child(Body body) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(kDeadline.count());
        body();
        std::exit(0);
    }
    return wait_for_child(child);
}
