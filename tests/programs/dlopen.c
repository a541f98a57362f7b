/*
 * A shared object that contains the library is loaded, used from two threads and unloaded, again
 * and again. Argument: the shared object.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int (*use)(void);

static void *use_on_thread(void *unused) {
    (void)unused;
    return use() == 2 ? &use : NULL;
}

static int load_use_unload(const char *path) {
    pthread_t thread;
    void *result = NULL, *symbol;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    symbol = dlsym(object, "plugin_use");
    memcpy(&use, &symbol, sizeof(use)); /* ISO C has no cast from object to function pointer. */
    if (use() != 2) {
        return 1;
    }
    /* A thread that ends, and takes its thread-local state along, before the object goes. */
    pthread_create(&thread, NULL, use_on_thread, NULL);
    pthread_join(thread, &result);
    return dlclose(object) != 0 || result == NULL;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    for (int round = 0; round < 5; round++) {
        if (load_use_unload(argv[1]) != 0) {
            return 1;
        }
    }
    /* Fork and exit handlers of an object that was unloaded must not run any more. */
    const pid_t child = fork();
    int status = 0;
    if (child == 0) {
        _exit(load_use_unload(argv[1]));
    }
    return waitpid(child, &status, 0) != child || status != 0;
}
