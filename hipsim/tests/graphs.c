/* Graphs made node by node: order, every kind of node, changes of what was instantiated. */
#include "test.h"

static int host_calls;

static void count_call(void *counter) {
    ++*(int *)counter;
}

static hipGraphNode_t kernel_node(hipGraph_t graph, hipGraphNode_t after, hipFunction_t function,
                                  void **args) {
    hipKernelNodeParams params = {
        .blockDim = one, .gridDim = one, .func = (void *)function, .kernelParams = args};
    hipGraphNode_t node;
    OK(hipGraphAddKernelNode(&node, graph, &after, after != NULL, &params));
    return node;
}

int main(void) {
    hipStream_t stream;
    OK(hipStreamCreate(&stream));
    int *memory = device_int(), *value = device_int();
    hipFunction_t stamp_kernel, store_kernel;
    OK(hipModuleGetFunction(&stamp_kernel, test_module(), "stamp"));
    OK(hipModuleGetFunction(&store_kernel, test_module(), "store"));
    hipGraph_t graph;
    OK(hipGraphCreate(&graph, 0));

    /* Added in the wrong order; the edge sets it right. */
    uint64_t numbers[] = {0, 1, 2, 3};
    void *second_args[] = {&memory, &numbers[1], &numbers[2]};
    void *first_args[] = {&memory, &numbers[0], &numbers[1]};
    hipGraphNode_t second = kernel_node(graph, NULL, stamp_kernel, second_args);
    hipGraphNode_t first = kernel_node(graph, NULL, stamp_kernel, first_args);
    OK(hipGraphAddDependencies(graph, &first, &second, 1));
    RETURNS(hipErrorInvalidValue, hipGraphAddDependencies(graph, &second, &first, 1));

    int stored = 1, seen = 0;
    void *store_args[] = {&stored, &value};
    hipGraphNode_t store_node = kernel_node(graph, second, store_kernel, store_args),
                   node = store_node;
    OK(hipGraphAddMemcpyNode1D(&node, graph, &node, 1, &seen, value, 4, hipMemcpyDeviceToHost));
    const hipHostNodeParams host = {count_call, &host_calls};
    OK(hipGraphAddHostNode(&node, graph, &node, 1, &host));
    OK(hipGraphAddEmptyNode(&node, graph, &node, 1));
    const hipMemsetParams zero = {
        .dst = value, .elementSize = 4, .height = 1, .value = 0, .width = 1};
    OK(hipGraphAddMemsetNode(&node, graph, &node, 1, &zero));
    uint64_t last[] = {2, 0};
    void *last_args[] = {&memory, &last[0], &last[1]};
    kernel_node(graph, node, stamp_kernel, last_args);
    stored = -1; /* a node has its own copy */

    hipGraphNodeType type;
    OK(hipGraphNodeGetType(first, &type));
    hipGraph_t clone;
    OK(hipGraphClone(&clone, graph));
    size_t nodes = 0, edges = 0;
    OK(hipGraphGetNodes(clone, NULL, &nodes));
    OK(hipGraphGetEdges(clone, NULL, NULL, &edges));
    CHECK(nodes == 8 && edges == 7);

    hipGraphExec_t exec;
    OK(hipGraphInstantiate(&exec, graph, NULL, NULL, 0));
    for (int i = 0; i < 3; i++)
        OK(hipGraphLaunch(exec, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(seen == 1 && *value == 0 && host_calls == 3);

    /* The executable changes, the graph does not. */
    stored = 5;
    hipKernelNodeParams params;
    OK(hipGraphKernelNodeGetParams(store_node, &params));
    CHECK(*(int *)params.kernelParams[0] == 1);
    params.kernelParams = store_args;
    OK(hipGraphExecKernelNodeSetParams(exec, store_node, &params));
    OK(hipGraphLaunch(exec, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(seen == 5);
    hipGraphNode_t error_node;
    hipGraphExecUpdateResult result;
    OK(hipGraphExecUpdate(exec, clone, &error_node, &result));
    OK(hipGraphLaunch(exec, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(seen == 1 && host_calls == 5);

    /* A graph in a graph. */
    hipGraph_t outer;
    hipGraphNode_t child;
    OK(hipGraphCreate(&outer, 0));
    OK(hipGraphAddChildGraphNode(&child, outer, NULL, 0, graph));
    OK(hipGraphInstantiate(&exec, outer, NULL, NULL, 0));
    OK(hipGraphLaunch(exec, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(host_calls == 6);

    OK(hipGraphDestroy(graph));
    RETURNS(hipErrorInvalidValue, hipGraphDestroy(graph));
    RETURNS(hipErrorInvalidValue, hipGraphNodeGetType(first, &type));
    CHECK(hipsim_violations() == 0);
    return 0;
}
