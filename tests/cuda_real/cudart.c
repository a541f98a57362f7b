/*
 * A program of NVIDIA's runtime library: makes a few calls and prints what each returned. It is built
 * without headers, which differ between releases; the functions do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

extern int cudaDriverGetVersion(int *), cudaRuntimeGetVersion(int *), cudaGetDeviceCount(int *),
    cudaMalloc(void **, size_t), cudaStreamCreate(void **), cudaStreamSynchronize(void *),
    cudaMemcpy(void *, const void *, size_t, int), cudaMemset(void *, int, size_t),
    cudaMemcpyAsync(void *, const void *, size_t, int, void *), cudaEventRecord(void *, void *),
    cudaGraphLaunch(void *, void *), cudaDeviceSynchronize(void), cudaFree(void *),
    cudaGetDriverEntryPointByVersion(const char *, void **, unsigned, uint64_t, int *),
    cudaGetLastError(void);

#define CALL(call) printf("%s %d\n", #call, call)

int main(void) {
    enum { HOST_TO_DEVICE = 1, PER_THREAD = 2 };
    int number = -1, status = -1;
    void *pointer = NULL, *stream = NULL;
    char byte = 0;
    CALL(cudaDriverGetVersion(&number));
    printf("%d\n", number);
    CALL(cudaRuntimeGetVersion(&number));
    printf("%d\n", number);
    CALL(cudaGetDeviceCount(&number));
    printf("%d\n", number);
    CALL(cudaMalloc(&pointer, 1));
    CALL(cudaStreamCreate(&stream));
    CALL(cudaMemcpyAsync(pointer, &byte, 1, HOST_TO_DEVICE, stream));
    CALL(cudaMemcpy(pointer, &byte, 1, HOST_TO_DEVICE));
    CALL(cudaMemset(pointer, 0, 1));
    CALL(cudaEventRecord(NULL, stream));
    CALL(cudaGraphLaunch(NULL, stream));
    CALL(cudaStreamSynchronize(stream));
    CALL(cudaDeviceSynchronize());
    CALL(cudaGetDriverEntryPointByVersion("cuMemcpyHtoD", &pointer, 12000, PER_THREAD, &status));
    printf("%d\n", status);
    CALL(cudaFree(NULL));
    CALL(cudaGetLastError());
    return 0;
}
