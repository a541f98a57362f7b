/* Before main, threads, fork, more than one device. */
#include "test.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

/* HIPSIM_UNITS, see run.sh. */
enum { UNITS = 2 };

static int devices_before_main;

__attribute__((constructor)) static void before_main(void) {
    setenv("HIPSIM_DEVICES", "2", 1);
    if (getenv("HIPSIM_TEST_UNUSED") == NULL)
        OK(hipGetDeviceCount(&devices_before_main));
}

static int threads_of_this_process(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    int threads = -1;
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "Threads: %d", &threads) == 1)
            break;
    fclose(status);
    return threads;
}

static void *use(void *argument) {
    (void)argument;
    int device = -1;
    OK(hipGetDevice(&device));
    CHECK(device == 0); /* each thread has its own current device */
    OK(hipSetDevice(1));
    hipStream_t stream;
    OK(hipStreamCreate(&stream));
    hipDevice_t of_stream = -1;
    if (hipStreamGetDevice != NULL) {
        OK(hipStreamGetDevice(stream, &of_stream));
        CHECK(of_stream == 1);
    }
    int *memory = device_int();
    OK(stamp(memory, 0, 1, stream));
    OK(stamp(memory, 1, 2, hipStreamPerThread));
    OK(hipDeviceSynchronize());
    OK(hipFree(memory));
    OK(hipStreamDestroy(stream));
    return NULL;
}

static void in_child(void (*body)(void)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        body();
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void refused(void) {
    void *memory;
    RETURNS(709, hipMalloc(&memory, 4));
    RETURNS(709, hipDeviceSynchronize());
    RETURNS(709, hipStreamSynchronize(NULL));
}

static void works(void) {
    int *memory = device_int();
    OK(store(memory, 1, NULL));
    OK(hipDeviceSynchronize());
    CHECK(*memory == 1);
}

int main(int argc, char **argv) {
    if (getenv("HIPSIM_TEST_UNUSED") == NULL) {
        CHECK(devices_before_main == 2);
        CHECK(threads_of_this_process() == 1); /* asking starts none */
        for (int i = 0; i < 100; i++) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, use, NULL) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
        }
        CHECK(threads_of_this_process() == 1 + UNITS); /* those of the device in use */
        in_child(refused);
        works();
        setenv("HIPSIM_TEST_UNUSED", "1", 1);
        CHECK(argc > 0);
        execv(argv[0], argv);
        return 1;
    }
    /* What a compiler generates runs before anybody uses a device, and does not use one. */
    static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &test_image, NULL};
    void **module = __hipRegisterFatBinary(&binary);
    in_child(works);
    works();
    __hipUnregisterFatBinary(module);
    return 0;
}
