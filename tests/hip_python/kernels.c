/*
 * The code object of the Python programs: kernels that are host functions, in the form that hipsim
 * loads with hipModuleLoadData.
 *
 * append(page, index): operation `index` on a page. It must find the stamp `index`, so that one
 * operation too few, too many or out of order is a violation, and it leaves its index in the page.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <hipsim.h>

struct page {
    uint32_t count;
    uint32_t entries[255];
};

static void append(void **args, const hipsim_launch *launch) {
    struct page *page = *(struct page **)args[0];
    uint32_t index = *(uint32_t *)args[1];
    (void)launch;
    hipsim_stamp(page, index, index + 1);
    hipsim_access(page, sizeof *page, 1);
    if (page->count < sizeof page->entries / sizeof *page->entries)
        page->entries[page->count++] = index;
}

static void add(void **args, const hipsim_launch *launch) {
    uint32_t *sums = *(uint32_t **)args[0];
    const uint32_t *terms = *(uint32_t **)args[1];
    uint32_t count = *(uint32_t *)args[2];
    (void)launch;
    hipsim_access(sums, count * sizeof *sums, 1);
    hipsim_access(terms, count * sizeof *terms, 0);
    for (uint32_t i = 0; i < count; i++)
        sums[i] += terms[i];
}

static void occupy(void **args, const hipsim_launch *launch) {
    (void)launch;
    hipsim_occupy_us(*(uint32_t *)args[0]);
}

/* Keeps its stream busy until the host writes to the flag. */
static void wait(void **args, const hipsim_launch *launch) {
    const volatile uint32_t *flag = *(const volatile uint32_t **)args[0];
    (void)launch;
    while (!*flag)
        hipsim_occupy_us(10);
}

#define ADDRESS HIPSIM_ARGUMENT(void *)
#define NUMBER HIPSIM_ARGUMENT(uint32_t)

static const hipsim_argument append_arguments[] = {ADDRESS, NUMBER};
static const hipsim_argument add_arguments[] = {ADDRESS, ADDRESS, NUMBER};
static const hipsim_argument occupy_arguments[] = {NUMBER};
static const hipsim_argument wait_arguments[] = {ADDRESS};

static const hipsim_kernel kernels[] = {
    {"append", append, 2, append_arguments},
    {"add", add, 3, add_arguments},
    {"occupy", occupy, 1, occupy_arguments},
    {"wait", wait, 1, wait_arguments},
};

extern const hipsim_image image;
const hipsim_image image = {HIPSIM_MAGIC, sizeof kernels / sizeof *kernels, 0, kernels, NULL};
