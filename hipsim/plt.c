/*
 * Calls from inside the runtime to its own exports, as AMD's library makes them: through the PLT,
 * so that an interposer sees them. In C, because Rust would call or inline the definition itself.
 * Also what differs between the releases that build.sh links. SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

const int hipsim_release = HIPSIM_RELEASE;

extern int hipModuleLaunchKernel(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                 unsigned block_x, unsigned block_y, unsigned block_z,
                                 unsigned shared_bytes, void *stream, void **params, void **extra);
extern int hipMemcpyAsync(void *to, const void *from, size_t bytes, int kind, void *stream);
extern int hipMemGetInfo(size_t *free_bytes, size_t *total_bytes);
extern int hipGetDevice(int *device);
extern int hipGetDevicePropertiesR0600(void *properties, int device);

int hipsim_plt_launch(void *function, const unsigned *grid, const unsigned *block,
                      unsigned shared_bytes, void *stream, void **params, void **extra) {
    return hipModuleLaunchKernel(function, grid[0], grid[1], grid[2], block[0], block[1], block[2],
                                 shared_bytes, stream, params, extra);
}

int hipsim_plt_copy(void *to, const void *from, size_t bytes, int kind, void *stream) {
    return hipMemcpyAsync(to, from, bytes, kind, stream);
}

int hipsim_plt_memory(size_t *free_bytes, size_t *total_bytes) {
    return hipMemGetInfo(free_bytes, total_bytes);
}

int hipsim_plt_device(int *device) {
    return hipGetDevice(device);
}

int hipsim_plt_properties(void *properties, int device) {
    return hipGetDevicePropertiesR0600(properties, device);
}

/*
 * Two conversions that the real library exports too. The compiler's support library has them,
 * hidden; build.sh gives those other names.
 */
extern unsigned short hipsim_builtin_f2h(float value);
extern float hipsim_builtin_h2f(unsigned short value);

unsigned short __gnu_f2h_ieee(float value) {
    return hipsim_builtin_f2h(value);
}

float __gnu_h2f_ieee(unsigned short value) {
    return hipsim_builtin_h2f(value);
}
