/*
 * Waits for values, under every setting of HIPSIM_WAIT_VALUE. A device has four hardware queues, so
 * of nine streams the first, fifth and ninth share one.
 */
#include "test.h"
#include <string.h>

enum { STREAMS = 9 };

static hipStream_t streams[STREAMS];
static volatile uint32_t *word;
static int *memory;

static void common(void) {
    /* Conditions, mask and width; and the memory must be the runtime's. */
    static uint64_t elsewhere;
    hipStream_t stream = streams[1];
    RETURNS(hipErrorInvalidValue, hipStreamWaitValue32(stream, &elsewhere, 0, 0, ~0u));
    RETURNS(hipErrorInvalidValue, hipStreamWaitValue32(stream, (void *)word, 0, 4, ~0u));
    OK(hipHostRegister(&elsewhere, sizeof elsewhere, hipHostRegisterDefault));
    OK(hipStreamWriteValue64(stream, &elsewhere, UINT64_C(0x500000001), 0));
    OK(hipStreamWaitValue64(stream, &elsewhere, UINT64_C(0x500000001), hipStreamWaitValueEq,
                            ~UINT64_C(0)));
    OK(hipStreamWaitValue64(stream, &elsewhere, UINT64_C(0x400000000), hipStreamWaitValueAnd,
                            ~UINT64_C(0)));
    OK(hipStreamWaitValue32(stream, &elsewhere, 1, hipStreamWaitValueGte, 0xf));
    OK(hipStreamSynchronize(stream));
    CHECK(elsewhere == UINT64_C(0x500000001));
    OK(hipStreamWriteValue32(stream, memory, 7, 0));
    OK(hipStreamWaitValue32(stream, memory, 7, hipStreamWaitValueEq, ~0u));
    OK(hipStreamSynchronize(stream));
    CHECK(*memory == 7);
    OK(hipHostUnregister(&elsewhere));
}

int main(void) {
    const char *mode = getenv("HIPSIM_WAIT_VALUE");
    int supported = -1;
    OK(hipDeviceGetAttribute(&supported, hipDeviceAttributeCanUseStreamWaitValue, 0));
    CHECK(supported == (strcmp(mode, "unsupported") != 0));
    for (int i = 0; i < STREAMS; i++)
        OK(hipStreamCreateWithFlags(&streams[i], hipStreamNonBlocking));
    OK(hipHostMalloc((void **)&word, 8, hipHostMallocDefault));
    memory = device_int();

    if (!supported) {
        RETURNS(hipErrorNotSupported, hipStreamWaitValue32(streams[0], (void *)word, 1, 0, ~0u));
        RETURNS(hipErrorNotSupported, hipStreamWriteValue32(streams[0], (void *)word, 1, 0));
        return 0;
    }

    OK(hipStreamWaitValue32(streams[0], (void *)word, 1, hipStreamWaitValueGte, ~0u));
    OK(store(memory, 1, streams[0]));
    OK(store(memory, 2, streams[1]));
    OK(hipStreamSynchronize(streams[1])); /* another hardware queue passes */
    CHECK(*memory == 2);
    RETURNS(hipErrorNotReady, hipStreamQuery(streams[0]));

    OK(store(memory, 3, streams[4]));
    if (strcmp(mode, "own") == 0) {
        OK(hipStreamSynchronize(streams[4]));
        CHECK(*memory == 3);
    } else {
        /* A neighbour of the waiting stream: the fourth behind it.. */
        OK(store(memory, 4, streams[5]));
        OK(hipStreamSynchronize(streams[5]));
        RETURNS(hipErrorNotReady, hipStreamQuery(streams[4]));
        CHECK(*memory == 4);
    }

    *word = 1; /* a plain store releases it */
    if (strcmp(mode, "never") == 0) {
        OK(store(memory, 5, streams[1]));
        OK(hipStreamSynchronize(streams[1]));
        RETURNS(hipErrorNotReady, hipStreamQuery(streams[0]));
        return 0; /* and the process ends all the same */
    }
    OK(hipStreamSynchronize(streams[0]));
    OK(hipStreamSynchronize(streams[4]));
    common();

    /* One stream releases another, which stays ahead of what was launched behind it. */
    *word = 0;
    OK(hipStreamWaitValue32(streams[2], (void *)word, 5, hipStreamWaitValueGte, ~0u));
    OK(stamp(memory, 0, 1, streams[2]));
    OK(hipStreamWriteValue32(streams[3], (void *)word, 5, 0));
    OK(hipStreamSynchronize(streams[2]));
    OK(stamp(memory, 1, 2, streams[2]));
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 0);
    return 0;
}
