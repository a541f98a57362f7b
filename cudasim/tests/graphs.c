/* Graphs made node by node: order, kinds of nodes, changes of what was instantiated. */
#include "test.h"
#include <string.h>

static int host_calls;

static void count_call(void *counter) {
    ++*(int *)counter;
}

static CUgraphNode kernel_node(CUgraph graph, CUgraphNode after, const char *name, void **args) {
    CUDA_KERNEL_NODE_PARAMS params = {.func = kernel(name),
                                      .gridDimX = 1,
                                      .gridDimY = 1,
                                      .gridDimZ = 1,
                                      .blockDimX = 1,
                                      .blockDimY = 1,
                                      .blockDimZ = 1,
                                      .kernelParams = args};
    CUgraphNode node;
    OK(cuGraphAddKernelNode(&node, graph, &after, after != NULL, &params));
    return node;
}

/* Functions whose newest variants have an argument for the edges' data. */
static CUresult add_edge(CUgraph graph, CUgraphNode from, CUgraphNode to) {
#if CUDA_VERSION >= 13000
    return cuGraphAddDependencies(graph, &from, &to, NULL, 1);
#else
    return cuGraphAddDependencies(graph, &from, &to, 1);
#endif
}

static size_t edges_of(CUgraph graph) {
    size_t count = 0;
#if CUDA_VERSION >= 13000
    OK(cuGraphGetEdges(graph, NULL, NULL, NULL, &count));
#else
    OK(cuGraphGetEdges(graph, NULL, NULL, &count));
#endif
    return count;
}

static void run(CUgraphExec exec, CUstream stream) {
    OK(cuGraphLaunch(exec, stream));
    OK(cuStreamSynchronize(stream));
}

/* The way that newer programs add nodes: one function for all kinds. */
static CUgraphNode any_node(CUgraph graph, CUgraphNode after, CUgraphNodeParams *params) {
    CUgraphNode node;
#if CUDA_VERSION >= 13000
    OK(cuGraphAddNode(&node, graph, &after, NULL, after != NULL, params));
#else
    OK(cuGraphAddNode(&node, graph, &after, after != NULL, params));
#endif
    return node;
}

static void by_any_node(CUdeviceptr value, CUstream stream) {
    CUgraph graph;
    OK(cuGraphCreate(&graph, 0));
    CUgraphNodeParams params;
    memset(&params, 0, sizeof params);
    params.type = CU_GRAPH_NODE_TYPE_MEMSET;
    params.memset.dst = value;
    params.memset.value = 77;
    params.memset.elementSize = 4;
    params.memset.width = 1;
    params.memset.height = 1;
    CUgraphNode node = any_node(graph, NULL, &params);
    int number = 78;
    void *args[] = {&number, &value};
    memset(&params, 0, sizeof params);
    params.type = CU_GRAPH_NODE_TYPE_KERNEL;
    params.kernel.func = kernel("store");
    params.kernel.gridDimX = params.kernel.gridDimY = params.kernel.gridDimZ = 1;
    params.kernel.blockDimX = params.kernel.blockDimY = params.kernel.blockDimZ = 1;
    params.kernel.kernelParams = args;
    any_node(graph, node, &params);
    CUgraphExec exec;
    OK(cuGraphInstantiate(&exec, graph, 0));
    run(exec, stream);
    CHECK(value_at(value) == 78);
    CUgraphNodeType type;
    OK(cuGraphNodeGetType(node, &type));
    CHECK(type == CU_GRAPH_NODE_TYPE_MEMSET);
    OK(cuGraphDestroy(graph));
    OK(cuGraphExecDestroy(exec));
}

int main(void) {
    CUcontext context = begin();
    CUstream stream = new_stream(CU_STREAM_DEFAULT);
    CUdeviceptr memory = device_int(), value = device_int();
    CUgraph graph;
    OK(cuGraphCreate(&graph, 0));

    /* Added in the wrong order; the edge sets it right. */
    uint64_t numbers[] = {0, 1, 2, 3};
    void *second_args[] = {&memory, &numbers[1], &numbers[2]};
    void *first_args[] = {&memory, &numbers[0], &numbers[1]};
    CUgraphNode second = kernel_node(graph, NULL, "stamp", second_args);
    CUgraphNode first = kernel_node(graph, NULL, "stamp", first_args);
    OK(add_edge(graph, first, second));
    RETURNS(CUDA_ERROR_INVALID_VALUE, add_edge(graph, second, first));

    int stored = 1, seen = 0;
    void *store_args[] = {&stored, &value};
    CUgraphNode store_node = kernel_node(graph, second, "store", store_args), node = store_node;
    const CUDA_MEMCPY3D copy = {.srcMemoryType = CU_MEMORYTYPE_DEVICE,
                                .srcDevice = value,
                                .dstMemoryType = CU_MEMORYTYPE_HOST,
                                .dstHost = &seen,
                                .WidthInBytes = sizeof seen,
                                .Height = 1,
                                .Depth = 1};
    OK(cuGraphAddMemcpyNode(&node, graph, &node, 1, &copy, context));
    const CUDA_HOST_NODE_PARAMS host = {count_call, &host_calls};
    OK(cuGraphAddHostNode(&node, graph, &node, 1, &host));
    OK(cuGraphAddEmptyNode(&node, graph, &node, 1));
    const CUDA_MEMSET_NODE_PARAMS zero = {
        .dst = value, .elementSize = 4, .height = 1, .value = 0, .width = 1};
    OK(cuGraphAddMemsetNode(&node, graph, &node, 1, &zero, context));
    uint64_t last[] = {2, 0};
    void *last_args[] = {&memory, &last[0], &last[1]};
    kernel_node(graph, node, "stamp", last_args);
    stored = -1; /* a node has its own copy */

    CUgraph clone;
    OK(cuGraphClone(&clone, graph));
    size_t nodes = 0;
    OK(cuGraphGetNodes(clone, NULL, &nodes));
    CHECK(nodes == 8 && edges_of(clone) == 7);

    CUgraphExec exec;
    OK(cuGraphInstantiate(&exec, graph, 0));
    OK(cuGraphUpload(exec, stream));
    for (int i = 0; i < 3; i++)
        OK(cuGraphLaunch(exec, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(seen == 1 && value_at(value) == 0 && host_calls == 3);

    /* The executable changes, the graph does not. */
    stored = 5;
    CUDA_KERNEL_NODE_PARAMS params;
    OK(cuGraphKernelNodeGetParams(store_node, &params));
    CHECK(*(int *)params.kernelParams[0] == 1);
    params.kernelParams = store_args;
    OK(cuGraphExecKernelNodeSetParams(exec, store_node, &params));
    run(exec, stream);
    CHECK(seen == 5);
    CUgraphExecUpdateResultInfo updated;
    OK(cuGraphExecUpdate(exec, clone, &updated));
    CHECK(updated.result == CU_GRAPH_EXEC_UPDATE_SUCCESS);
    run(exec, stream);
    CHECK(seen == 1 && host_calls == 5);
    OK(cuGraphNodeSetEnabled(exec, first, 1));

    /* A graph in a graph. */
    CUgraph outer;
    CUgraphNode child;
    OK(cuGraphCreate(&outer, 0));
    OK(cuGraphAddChildGraphNode(&child, outer, NULL, 0, graph));
    CUDA_GRAPH_INSTANTIATE_PARAMS how;
    memset(&how, 0, sizeof how);
    how.hUploadStream = stream;
    OK(cuGraphInstantiateWithParams(&exec, outer, &how));
    CHECK(how.result_out == CUDA_GRAPH_INSTANTIATE_SUCCESS);
    run(exec, stream);
    CHECK(host_calls == 6);
    RETURNS(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, cuGraphExecUpdate(exec, graph, &updated));

    by_any_node(value, stream);
    CUgraphNodeType type;
    OK(cuGraphDestroy(graph));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuGraphDestroy(graph));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuGraphNodeGetType(first, &type));
    CHECK(cudasim_violations() == 0);
    return 0;
}
