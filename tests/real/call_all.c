/*
 * Calls every function of calls.inc with arguments that do no harm, in each of a few variants, and
 * prints what it returns and which of its pointer arguments it wrote to. The order is always the
 * same. Some calls crash the library; the number of calls to leave out at the start is an argument,
 * so that whoever reads this can go on behind one.
 *
 * calls.inc has a line CALL(name, integers, stack) for each function: what goes into the integer
 * registers and onto the stack under the x86-64 calling convention. p: a pointer, s: a stream,
 * 0: zero. Floating-point registers are zero throughout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REGISTERS = 6, STACK = 16, BLOCK = 4096 };

typedef int64_t word;
/* Every signature at once: what a function does not take is not looked at. */
typedef int function(word, word, word, word, word, word, double, double, double, double, double,
                     double, double, double, word, word, word, word, word, word, word, word, word,
                     word, word, word, word, word, word, word);

#define CALL(name, integers, stack) extern function name;
#include "calls.inc"
#undef CALL

static const struct call {
    const char *name, *integers, *stack;
    function *function;
} calls[] = {
#define CALL(name, integers, stack) {#name, integers, stack, name},
#include "calls.inc"
#undef CALL
};

/* What the pointers point to: one zeroed block for each argument. */
static char blocks[REGISTERS + STACK][BLOCK];
/* What a stream handle of somebody else points to. */
static char stranger[BLOCK];

enum { NO_POINTERS, POINTERS };

static word argument(char kind, int index, int pointers, word stream) {
    switch (kind) {
    case 'p':
        return pointers ? (word)(intptr_t)blocks[index] : 0;
    case 's':
        return stream;
    default:
        return 0;
    }
}

static int call(const struct call *c, int pointers, word stream) {
    word w[REGISTERS + STACK] = {0};
    for (int i = 0; c->integers[i]; i++)
        w[i] = argument(c->integers[i], i, pointers, stream);
    for (int i = 0; c->stack[i]; i++)
        w[REGISTERS + i] = argument(c->stack[i], REGISTERS + i, pointers, stream);
    const word *s = w + REGISTERS;
    return c->function(w[0], w[1], w[2], w[3], w[4], w[5], 0, 0, 0, 0, 0, 0, 0, 0, s[0], s[1], s[2],
                       s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12], s[13], s[14],
                       s[15]);
}

static void print_written(void) {
    static const char zeros[BLOCK];
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (memcmp(blocks[i], zeros, BLOCK) != 0)
            printf(" wrote:%zu", i);
}

static void variant(const struct call *c, int pointers, const char *label, word stream) {
    memset(blocks, 0, sizeof blocks);
    printf("%s %s %s ", c->name, pointers ? "pointers" : "zeros", label);
    fflush(stdout); /* the name of a call that never returns is needed most */
    alarm(20);
    printf("%d", call(c, pointers, stream));
    print_written();
    puts("");
}

/* What the interposer saw, if there is one. */
static void print_hooked_calls(void) {
    struct {
        uint64_t calls, rest[15];
    } stats = {0};
    int (*get)(void *) = NULL;
    *(void **)&get = dlsym(RTLD_DEFAULT, "XSchedGetHookStats");
    if (get && get(&stats) == 0)
        printf("hooked %" PRIu64 "\n", stats.calls);
}

int main(int argc, char **argv) {
    const struct {
        const char *label;
        word value;
    } streams[] = {
        {"null", 0}, {"legacy", 1}, {"per-thread", 2}, {"stranger", (word)(intptr_t)stranger}};
    long leave_out = argc > 1 ? atol(argv[1]) : 0;

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const struct call *c = &calls[i];
        int has_stream = strchr(c->integers, 's') || strchr(c->stack, 's');
        for (int pointers = NO_POINTERS; pointers <= POINTERS; pointers++)
            for (size_t s = 0; s < (has_stream ? sizeof streams / sizeof *streams : 1); s++)
                if (leave_out-- <= 0)
                    variant(c, pointers, streams[s].label, streams[s].value);
    }
    print_hooked_calls();
    fflush(stdout);
    _exit(0); /* the library's exit handlers are not what is asked about here */
}
