//! The one list of hooks. Each row: the function with its parameters in ABI terms, and the operation its
//! call is made through. Sorted by name. Everything else is derived from it: the exported functions and
//! what look-ups answer; tests/cuda_table.rs compares it with what the headers declare. Functions left
//! alone are in `unhooked.csv`, with the reason.

/// Hands the list to a macro.
macro_rules! cuda_functions {
    ($with:ident) => {
        $with! {
        cuArrayDestroy(h_array: Pointer) => wait_for_all();
        cuCheckpointProcessCheckpoint(pid: i32, args: Pointer) => wait_for_all();
        cuCheckpointProcessLock(pid: i32, args: Pointer) => wait_for_all();
        cuCtxDestroy(ctx: Pointer) => destroy_context(ctx);
        cuCtxDestroy_v2(ctx: Pointer) => destroy_context(ctx);
        cuCtxDetach(ctx: Pointer) => destroy_context(ctx);
        cuCtxDisablePeerAccess(peer_context: Pointer) => wait_for_all();
        cuCtxRecordEvent(h_ctx: Pointer, h_event: Event) => record_behind_all(h_event);
        cuCtxSetLimit(limit: i32, value: usize) => wait_for_all();
        cuCtxSynchronize() => synchronize_device();
        cuCtxSynchronize_v2(ctx: Pointer) => synchronize_context(ctx);
        cuCtxWaitEvent(h_ctx: Pointer, h_event: Event) => wait_event(NULL, h_event);
        cuDestroyExternalMemory(ext_mem: Pointer) => wait_for_all();
        cuDevicePrimaryCtxRelease(dev: i32) => release_primary_context(dev);
        cuDevicePrimaryCtxRelease_v2(dev: i32) => release_primary_context(dev);
        cuDevicePrimaryCtxReset(dev: i32) => reset_primary_context(dev);
        cuDevicePrimaryCtxReset_v2(dev: i32) => reset_primary_context(dev);
        cuEGLStreamConsumerAcquireFrame(
            conn: Pointer, p_cuda_resource: Pointer, p_stream: Pointer, timeout: u32,
        ) => launch(stream_at(p_stream));
        cuEGLStreamConsumerReleaseFrame(
            conn: Pointer, p_cuda_resource: Pointer, p_stream: Pointer,
        ) => launch(stream_at(p_stream));
        cuEGLStreamProducerPresentFrame(
            conn: Pointer, eglframe: EglFrame, p_stream: Pointer,
        ) => launch(stream_at(p_stream));
        cuEGLStreamProducerReturnFrame(
            conn: Pointer, eglframe: Pointer, p_stream: Pointer,
        ) => launch(stream_at(p_stream));
        cuEventDestroy(h_event: Event) => destroy_event(h_event);
        cuEventDestroy_v2(h_event: Event) => destroy_event(h_event);
        cuEventRecord(h_event: Event, h_stream: Stream) => record(h_event, h_stream);
        cuEventRecordWithFlags(
            h_event: Event, h_stream: Stream, flags: u32,
        ) => record(h_event, h_stream);
        cuEventRecordWithFlags_ptsz(
            h_event: Event, h_stream: Stream, flags: u32,
        ) => record(h_event, per_thread(h_stream));
        cuEventRecord_ptsz(
            h_event: Event, h_stream: Stream,
        ) => record(h_event, per_thread(h_stream));
        cuEventSynchronize(h_event: Event) => synchronize_event(h_event);
        cuFabricCpyBatchAsync(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuFabricCpyBatchAsync_ptsz(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuGLMapBufferObject(dptr: Pointer, size: Pointer, buffer: u32) => launch(NULL);
        cuGLMapBufferObjectAsync(
            dptr: Pointer, size: Pointer, buffer: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuGLMapBufferObjectAsync_v2(
            dptr: Pointer, size: Pointer, buffer: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuGLMapBufferObjectAsync_v2_ptsz(
            dptr: Pointer, size: Pointer, buffer: u32, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuGLMapBufferObject_v2(dptr: Pointer, size: Pointer, buffer: u32) => launch(NULL);
        cuGLMapBufferObject_v2_ptds(
            dptr: Pointer, size: Pointer, buffer: u32,
        ) => launch(per_thread(NULL));
        cuGLUnmapBufferObject(buffer: u32) => launch(NULL);
        cuGLUnmapBufferObjectAsync(buffer: u32, h_stream: Stream) => launch(h_stream);
        cuGLUnregisterBufferObject(buffer: u32) => wait_for_all();
        cuGraphInstantiateWithParams(
            ph_graph_exec: Pointer, h_graph: Pointer, instantiate_params: Pointer,
        ) => instantiate(stream_of_instantiation(instantiate_params));
        cuGraphInstantiateWithParams_ptsz(
            ph_graph_exec: Pointer, h_graph: Pointer, instantiate_params: Pointer,
        ) => instantiate(per_thread(stream_of_instantiation(instantiate_params)));
        cuGraphLaunch(h_graph: Pointer, h_stream: Stream) => launch(h_stream);
        cuGraphLaunch_ptsz(h_graph_exec: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuGraphUpload(h_graph: Pointer, h_stream: Stream) => launch(h_stream);
        cuGraphUpload_ptsz(h_graph_exec: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuGraphicsMapResources(
            count: u32, resources: Pointer, h_stream: Stream,
        ) => launch(h_stream);
        cuGraphicsMapResources_ptsz(
            count: u32, resources: Pointer, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuGraphicsUnmapResources(
            count: u32, resources: Pointer, h_stream: Stream,
        ) => launch(h_stream);
        cuGraphicsUnmapResources_ptsz(
            count: u32, resources: Pointer, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuGraphicsUnregisterResource(resource: Pointer) => wait_for_all();
        cuGreenCtxDestroy(h_ctx: Pointer) => wait_for_all();
        cuGreenCtxRecordEvent(h_ctx: Pointer, h_event: Event) => record_behind_all(h_event);
        cuGreenCtxStreamCreate(
            ph_stream: Pointer, green_ctx: Pointer, flags: u32, priority: i32,
        ) => create_stream(ph_stream);
        cuGreenCtxWaitEvent(h_ctx: Pointer, h_event: Event) => wait_event(NULL, h_event);
        cuIpcCloseMemHandle(dptr: u64) => wait_for_all();
        cuLaunch(function: Pointer) => launch(NULL);
        cuLaunchCooperativeKernel(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer,
        ) => launch(h_stream);
        cuLaunchCooperativeKernelMultiDevice(
            launch_params_list: Pointer, num_devices: u32, flags: u32,
        ) => launch_on_each(streams_of_launches(launch_params_list, num_devices));
        cuLaunchCooperativeKernel_ptsz(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer,
        ) => launch(per_thread(h_stream));
        cuLaunchGrid(function: Pointer, grid_width: i32, grid_height: i32) => launch(NULL);
        cuLaunchGridAsync(
            function: Pointer, grid_width: i32, grid_height: i32, h_stream: Stream,
        ) => launch(h_stream);
        cuLaunchHostFunc(
            h_stream: Stream, function: Pointer, user_data: Pointer,
        ) => launch(h_stream);
        cuLaunchHostFunc_ptsz(
            h_stream: Stream, function: Pointer, user_data: Pointer,
        ) => launch(per_thread(h_stream));
        cuLaunchHostFunc_v2(
            h_stream: Stream, function: Pointer, user_data: Pointer, sync_mode: u32,
        ) => launch(h_stream);
        cuLaunchHostFunc_v2_ptsz(
            h_stream: Stream, function: Pointer, user_data: Pointer, sync_mode: u32,
        ) => launch(per_thread(h_stream));
        cuLaunchKernel(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer,
        ) => launch(h_stream);
        cuLaunchKernelEx(
            config: Pointer, function: Pointer, kernel_params: Pointer, extra: Pointer,
        ) => launch(stream_of_config(config));
        cuLaunchKernelEx_ptsz(
            config: Pointer, function: Pointer, kernel_params: Pointer, extra: Pointer,
        ) => launch(per_thread(stream_of_config(config)));
        cuLaunchKernel_ptsz(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer,
        ) => launch(per_thread(h_stream));
        cuLibraryUnload(library: Pointer) => wait_for_all();
        cuLogicalEndpointUnbind(le_id: u32, dev: i32, offset: usize, size: usize) => wait_for_all();
        cuMemAllocAsync(dptr: Pointer, bytesize: usize, h_stream: Stream) => launch(h_stream);
        cuMemAllocAsync_ptsz(
            dptr: Pointer, bytesize: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemAllocFromPoolAsync(
            dptr: Pointer, bytesize: usize, pool: Pointer, h_stream: Stream,
        ) => launch(h_stream);
        cuMemAllocFromPoolAsync_ptsz(
            dptr: Pointer, bytesize: usize, pool: Pointer, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemBatchDecompressAsync(
            params_array: Pointer, count: usize, flags: u32, error_index: Pointer, stream: Stream,
        ) => launch(stream);
        cuMemBatchDecompressAsync_ptsz(
            params_array: Pointer, count: usize, flags: u32, error_index: Pointer, stream: Stream,
        ) => launch(per_thread(stream));
        cuMemDiscardAndPrefetchBatchAsync(
            dptrs: Pointer, sizes: Pointer, count: usize, prefetch_locs: Pointer,
            prefetch_loc_idxs: Pointer, num_prefetch_locs: usize, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemDiscardAndPrefetchBatchAsync_ptsz(
            dptrs: Pointer, sizes: Pointer, count: usize, prefetch_locs: Pointer,
            prefetch_loc_idxs: Pointer, num_prefetch_locs: usize, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemDiscardBatchAsync(
            dptrs: Pointer, sizes: Pointer, count: usize, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemDiscardBatchAsync_ptsz(
            dptrs: Pointer, sizes: Pointer, count: usize, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemFree(dptr: u32) => wait_for_all();
        cuMemFreeAsync(dptr: u64, h_stream: Stream) => launch(h_stream);
        cuMemFreeAsync_ptsz(dptr: u64, h_stream: Stream) => launch(per_thread(h_stream));
        cuMemFreeHost(p: Pointer) => wait_for_all();
        cuMemFree_v2(dptr: u64) => wait_for_all();
        cuMemHostUnregister(p: Pointer) => wait_for_all();
        cuMemMapArrayAsync(
            map_info_list: Pointer, count: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemMapArrayAsync_ptsz(
            map_info_list: Pointer, count: u32, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemPrefetchAsync(
            dev_ptr: u64, count: usize, dst_device: i32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemPrefetchAsync_ptsz(
            dev_ptr: u64, count: usize, dst_device: i32, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemPrefetchAsync_v2(
            dev_ptr: u64, count: usize, location: MemLocation, flags: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemPrefetchAsync_v2_ptsz(
            dev_ptr: u64, count: usize, location: MemLocation, flags: u32, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemPrefetchBatchAsync(
            dptrs: Pointer, sizes: Pointer, count: usize, prefetch_locs: Pointer,
            prefetch_loc_idxs: Pointer, num_prefetch_locs: usize, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemPrefetchBatchAsync_ptsz(
            dptrs: Pointer, sizes: Pointer, count: usize, prefetch_locs: Pointer,
            prefetch_loc_idxs: Pointer, num_prefetch_locs: usize, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemRelease(handle: u64) => wait_for_all();
        cuMemSetAccess(ptr: u64, size: usize, desc: Pointer, count: usize) => wait_for_all();
        cuMemUnmap(ptr: u64, size: usize) => wait_for_all();
        cuMemcpy(dst: u64, src: u64, byte_count: usize) => may_block(NULL);
        cuMemcpy2D(p_copy: Pointer) => may_block(NULL);
        cuMemcpy2DAsync(p_copy: Pointer, h_stream: Stream) => launch(h_stream);
        cuMemcpy2DAsync_v2(p_copy: Pointer, h_stream: Stream) => launch(h_stream);
        cuMemcpy2DAsync_v2_ptsz(p_copy: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuMemcpy2DUnaligned(p_copy: Pointer) => may_block(NULL);
        cuMemcpy2DUnaligned_v2(p_copy: Pointer) => may_block(NULL);
        cuMemcpy2DUnaligned_v2_ptds(p_copy: Pointer) => may_block(per_thread(NULL));
        cuMemcpy2D_v2(p_copy: Pointer) => may_block(NULL);
        cuMemcpy2D_v2_ptds(p_copy: Pointer) => may_block(per_thread(NULL));
        cuMemcpy3D(p_copy: Pointer) => may_block(NULL);
        cuMemcpy3DAsync(p_copy: Pointer, h_stream: Stream) => launch(h_stream);
        cuMemcpy3DAsync_v2(p_copy: Pointer, h_stream: Stream) => launch(h_stream);
        cuMemcpy3DAsync_v2_ptsz(p_copy: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuMemcpy3DBatchAsync(
            num_ops: usize, op_list: Pointer, fail_idx: Pointer, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpy3DBatchAsync_ptsz(
            num_ops: usize, op_list: Pointer, fail_idx: Pointer, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpy3DBatchAsync_v2(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpy3DBatchAsync_v2_ptsz(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpy3DPeer(p_copy: Pointer) => launch(NULL);
        cuMemcpy3DPeerAsync(p_copy: Pointer, h_stream: Stream) => launch(h_stream);
        cuMemcpy3DPeerAsync_ptsz(p_copy: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuMemcpy3DPeer_ptds(p_copy: Pointer) => launch(per_thread(NULL));
        cuMemcpy3DWithAttributesAsync(
            op: Pointer, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpy3DWithAttributesAsync_ptsz(
            op: Pointer, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpy3D_v2(p_copy: Pointer) => may_block(NULL);
        cuMemcpy3D_v2_ptds(p_copy: Pointer) => may_block(per_thread(NULL));
        cuMemcpyAsync(dst: u64, src: u64, byte_count: usize, h_stream: Stream) => launch(h_stream);
        cuMemcpyAsync_ptsz(
            dst: u64, src: u64, byte_count: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyAtoA(
            dst_array: Pointer, dst_offset: u32, src_array: Pointer, src_offset: u32,
            byte_count: u32,
        ) => launch(NULL);
        cuMemcpyAtoA_v2(
            dst_array: Pointer, dst_offset: usize, src_array: Pointer, src_offset: usize,
            byte_count: usize,
        ) => launch(NULL);
        cuMemcpyAtoA_v2_ptds(
            dst_array: Pointer, dst_offset: usize, src_array: Pointer, src_offset: usize,
            byte_count: usize,
        ) => launch(per_thread(NULL));
        cuMemcpyAtoD(
            dst_device: u32, src_array: Pointer, src_offset: u32, byte_count: u32,
        ) => launch(NULL);
        cuMemcpyAtoD_v2(
            dst_device: u64, src_array: Pointer, src_offset: usize, byte_count: usize,
        ) => launch(NULL);
        cuMemcpyAtoD_v2_ptds(
            dst_device: u64, src_array: Pointer, src_offset: usize, byte_count: usize,
        ) => launch(per_thread(NULL));
        cuMemcpyAtoH(
            dst_host: Pointer, src_array: Pointer, src_offset: u32, byte_count: u32,
        ) => block(NULL);
        cuMemcpyAtoHAsync(
            dst_host: Pointer, src_array: Pointer, src_offset: u32, byte_count: u32,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyAtoHAsync_v2(
            dst_host: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyAtoHAsync_v2_ptsz(
            dst_host: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
            h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyAtoH_v2(
            dst_host: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
        ) => block(NULL);
        cuMemcpyAtoH_v2_ptds(
            dst_host: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
        ) => block(per_thread(NULL));
        cuMemcpyBatchAsync(
            dsts: Pointer, srcs: Pointer, sizes: Pointer, count: usize, attrs: Pointer,
            attrs_idxs: Pointer, num_attrs: usize, fail_idx: Pointer, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyBatchAsync_ptsz(
            dsts: Pointer, srcs: Pointer, sizes: Pointer, count: usize, attrs: Pointer,
            attrs_idxs: Pointer, num_attrs: usize, fail_idx: Pointer, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyBatchAsync_v2(
            dsts: Pointer, srcs: Pointer, sizes: Pointer, count: usize, attrs: Pointer,
            attrs_idxs: Pointer, num_attrs: usize, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyBatchAsync_v2_ptsz(
            dsts: Pointer, srcs: Pointer, sizes: Pointer, count: usize, attrs: Pointer,
            attrs_idxs: Pointer, num_attrs: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyDtoA(
            dst_array: Pointer, dst_offset: u32, src_device: u32, byte_count: u32,
        ) => launch(NULL);
        cuMemcpyDtoA_v2(
            dst_array: Pointer, dst_offset: usize, src_device: u64, byte_count: usize,
        ) => launch(NULL);
        cuMemcpyDtoA_v2_ptds(
            dst_array: Pointer, dst_offset: usize, src_device: u64, byte_count: usize,
        ) => launch(per_thread(NULL));
        cuMemcpyDtoD(dst_device: u32, src_device: u32, byte_count: u32) => launch(NULL);
        cuMemcpyDtoDAsync(
            dst_device: u32, src_device: u32, byte_count: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyDtoDAsync_v2(
            dst_device: u64, src_device: u64, byte_count: usize, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyDtoDAsync_v2_ptsz(
            dst_device: u64, src_device: u64, byte_count: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyDtoD_v2(dst_device: u64, src_device: u64, byte_count: usize) => launch(NULL);
        cuMemcpyDtoD_v2_ptds(
            dst_device: u64, src_device: u64, byte_count: usize,
        ) => launch(per_thread(NULL));
        cuMemcpyDtoH(dst_host: Pointer, src_device: u32, byte_count: u32) => block(NULL);
        cuMemcpyDtoHAsync(
            dst_host: Pointer, src_device: u32, byte_count: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyDtoHAsync_v2(
            dst_host: Pointer, src_device: u64, byte_count: usize, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyDtoHAsync_v2_ptsz(
            dst_host: Pointer, src_device: u64, byte_count: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyDtoH_v2(dst_host: Pointer, src_device: u64, byte_count: usize) => block(NULL);
        cuMemcpyDtoH_v2_ptds(
            dst_host: Pointer, src_device: u64, byte_count: usize,
        ) => block(per_thread(NULL));
        cuMemcpyHtoA(
            dst_array: Pointer, dst_offset: u32, src_host: Pointer, byte_count: u32,
        ) => block(NULL);
        cuMemcpyHtoAAsync(
            dst_array: Pointer, dst_offset: u32, src_host: Pointer, byte_count: u32,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyHtoAAsync_v2(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, byte_count: usize,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyHtoAAsync_v2_ptsz(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, byte_count: usize,
            h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyHtoA_v2(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, byte_count: usize,
        ) => block(NULL);
        cuMemcpyHtoA_v2_ptds(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, byte_count: usize,
        ) => block(per_thread(NULL));
        cuMemcpyHtoD(dst_device: u32, src_host: Pointer, byte_count: u32) => block(NULL);
        cuMemcpyHtoDAsync(
            dst_device: u32, src_host: Pointer, byte_count: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyHtoDAsync_v2(
            dst_device: u64, src_host: Pointer, byte_count: usize, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyHtoDAsync_v2_ptsz(
            dst_device: u64, src_host: Pointer, byte_count: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyHtoD_v2(dst_device: u64, src_host: Pointer, byte_count: usize) => block(NULL);
        cuMemcpyHtoD_v2_ptds(
            dst_device: u64, src_host: Pointer, byte_count: usize,
        ) => block(per_thread(NULL));
        cuMemcpyPeer(
            dst_device: u64, dst_context: Pointer, src_device: u64, src_context: Pointer,
            byte_count: usize,
        ) => launch(NULL);
        cuMemcpyPeerAsync(
            dst_device: u64, dst_context: Pointer, src_device: u64, src_context: Pointer,
            byte_count: usize, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyPeerAsync_ptsz(
            dst_device: u64, dst_context: Pointer, src_device: u64, src_context: Pointer,
            byte_count: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpyPeer_ptds(
            dst_device: u64, dst_context: Pointer, src_device: u64, src_context: Pointer,
            byte_count: usize,
        ) => launch(per_thread(NULL));
        cuMemcpyWithAttributesAsync(
            dst: u64, src: u64, size: usize, attr: Pointer, h_stream: Stream,
        ) => launch(h_stream);
        cuMemcpyWithAttributesAsync_ptsz(
            dst: u64, src: u64, size: usize, attr: Pointer, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemcpy_ptds(dst: u64, src: u64, byte_count: usize) => may_block(per_thread(NULL));
        cuMemsetD16(dst_device: u32, us: u16, n: u32) => launch(NULL);
        cuMemsetD16Async(dst_device: u64, us: u16, n: usize, h_stream: Stream) => launch(h_stream);
        cuMemsetD16Async_ptsz(
            dst_device: u64, us: u16, n: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD16_v2(dst_device: u64, us: u16, n: usize) => launch(NULL);
        cuMemsetD16_v2_ptds(dst_device: u64, us: u16, n: usize) => launch(per_thread(NULL));
        cuMemsetD2D16(
            dst_device: u32, dst_pitch: u32, us: u16, width: u32, height: u32,
        ) => launch(NULL);
        cuMemsetD2D16Async(
            dst_device: u64, dst_pitch: usize, us: u16, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemsetD2D16Async_ptsz(
            dst_device: u64, dst_pitch: usize, us: u16, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD2D16_v2(
            dst_device: u64, dst_pitch: usize, us: u16, width: usize, height: usize,
        ) => launch(NULL);
        cuMemsetD2D16_v2_ptds(
            dst_device: u64, dst_pitch: usize, us: u16, width: usize, height: usize,
        ) => launch(per_thread(NULL));
        cuMemsetD2D32(
            dst_device: u32, dst_pitch: u32, ui: u32, width: u32, height: u32,
        ) => launch(NULL);
        cuMemsetD2D32Async(
            dst_device: u64, dst_pitch: usize, ui: u32, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemsetD2D32Async_ptsz(
            dst_device: u64, dst_pitch: usize, ui: u32, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD2D32_v2(
            dst_device: u64, dst_pitch: usize, ui: u32, width: usize, height: usize,
        ) => launch(NULL);
        cuMemsetD2D32_v2_ptds(
            dst_device: u64, dst_pitch: usize, ui: u32, width: usize, height: usize,
        ) => launch(per_thread(NULL));
        cuMemsetD2D8(
            dst_device: u32, dst_pitch: u32, uc: u8, width: u32, height: u32,
        ) => launch(NULL);
        cuMemsetD2D8Async(
            dst_device: u64, dst_pitch: usize, uc: u8, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(h_stream);
        cuMemsetD2D8Async_ptsz(
            dst_device: u64, dst_pitch: usize, uc: u8, width: usize, height: usize,
            h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD2D8_v2(
            dst_device: u64, dst_pitch: usize, uc: u8, width: usize, height: usize,
        ) => launch(NULL);
        cuMemsetD2D8_v2_ptds(
            dst_device: u64, dst_pitch: usize, uc: u8, width: usize, height: usize,
        ) => launch(per_thread(NULL));
        cuMemsetD32(dst_device: u32, ui: u32, n: u32) => launch(NULL);
        cuMemsetD32Async(dst_device: u64, ui: u32, n: usize, h_stream: Stream) => launch(h_stream);
        cuMemsetD32Async_ptsz(
            dst_device: u64, ui: u32, n: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD32_v2(dst_device: u64, ui: u32, n: usize) => launch(NULL);
        cuMemsetD32_v2_ptds(dst_device: u64, ui: u32, n: usize) => launch(per_thread(NULL));
        cuMemsetD8(dst_device: u32, uc: u8, n: u32) => launch(NULL);
        cuMemsetD8Async(dst_device: u64, uc: u8, n: usize, h_stream: Stream) => launch(h_stream);
        cuMemsetD8Async_ptsz(
            dst_device: u64, uc: u8, n: usize, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemsetD8_v2(dst_device: u64, uc: u8, n: usize) => launch(NULL);
        cuMemsetD8_v2_ptds(dst_device: u64, uc: u8, n: usize) => launch(per_thread(NULL));
        cuMipmappedArrayDestroy(h_mipmapped_array: Pointer) => wait_for_all();
        cuModuleUnload(hmod: Pointer) => wait_for_all();
        cuMulticastUnbind(
            mc_handle: u64, dev: i32, mc_offset: usize, size: usize,
        ) => wait_for_all();
        cuSignalExternalSemaphoresAsync(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => launch(stream);
        cuSignalExternalSemaphoresAsync_ptsz(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => launch(per_thread(stream));
        cuStreamAddCallback(
            h_stream: Stream, callback: Pointer, user_data: Pointer, flags: u32,
        ) => launch(h_stream);
        cuStreamAddCallback_ptsz(
            h_stream: Stream, callback: Pointer, user_data: Pointer, flags: u32,
        ) => launch(per_thread(h_stream));
        cuStreamAttachMemAsync(
            h_stream: Stream, dptr: u64, length: usize, flags: u32,
        ) => launch(h_stream);
        cuStreamAttachMemAsync_ptsz(
            h_stream: Stream, dptr: u64, length: usize, flags: u32,
        ) => launch(per_thread(h_stream));
        cuStreamBatchMemOp(
            stream: Stream, count: u32, param_array: Pointer, flags: u32,
        ) => memory_operations(stream, param_array, count);
        cuStreamBatchMemOp_ptsz(
            stream: Stream, count: u32, param_array: Pointer, flags: u32,
        ) => memory_operations(per_thread(stream), param_array, count);
        cuStreamBatchMemOp_v2(
            stream: Stream, count: u32, param_array: Pointer, flags: u32,
        ) => memory_operations(stream, param_array, count);
        cuStreamBatchMemOp_v2_ptsz(
            stream: Stream, count: u32, param_array: Pointer, flags: u32,
        ) => memory_operations(per_thread(stream), param_array, count);
        cuStreamBeginCapture(h_stream: Stream) => begin_capture(h_stream);
        cuStreamBeginCaptureToCig(
            h_stream: Stream, stream_cig_capture_params: Pointer,
        ) => begin_capture(h_stream);
        cuStreamBeginCaptureToCig_ptsz(
            h_stream: Stream, stream_cig_capture_params: Pointer,
        ) => begin_capture(per_thread(h_stream));
        cuStreamBeginCaptureToGraph(
            h_stream: Stream, h_graph: Pointer, dependencies: Pointer, dependency_data: Pointer,
            num_dependencies: usize, mode: i32,
        ) => begin_capture(h_stream);
        cuStreamBeginCaptureToGraph_ptsz(
            h_stream: Stream, h_graph: Pointer, dependencies: Pointer, dependency_data: Pointer,
            num_dependencies: usize, mode: i32,
        ) => begin_capture(per_thread(h_stream));
        cuStreamBeginCapture_ptsz(h_stream: Stream) => begin_capture(per_thread(h_stream));
        cuStreamBeginCapture_v2(h_stream: Stream, mode: i32) => begin_capture(h_stream);
        cuStreamBeginCapture_v2_ptsz(
            h_stream: Stream, mode: i32,
        ) => begin_capture(per_thread(h_stream));
        cuStreamBeginRecaptureToGraph(
            h_stream: Stream, mode: i32, h_graph: Pointer, callback_func: Pointer,
            user_data: Pointer,
        ) => begin_capture(h_stream);
        cuStreamBeginRecaptureToGraph_ptsz(
            h_stream: Stream, mode: i32, h_graph: Pointer, callback_func: Pointer,
            user_data: Pointer,
        ) => begin_capture(per_thread(h_stream));
        cuStreamCreate(ph_stream: Pointer, flags: u32) => create_stream(ph_stream);
        cuStreamCreateWithPriority(
            ph_stream: Pointer, flags: u32, priority: i32,
        ) => create_stream(ph_stream);
        cuStreamDestroy(h_stream: Stream) => destroy_stream(h_stream);
        cuStreamDestroy_v2(h_stream: Stream) => destroy_stream(h_stream);
        cuStreamQuery(h_stream: Stream) => query_stream(h_stream);
        cuStreamQuery_ptsz(h_stream: Stream) => query_stream(per_thread(h_stream));
        cuStreamSynchronize(h_stream: Stream) => synchronize_stream(h_stream);
        cuStreamSynchronize_ptsz(h_stream: Stream) => synchronize_stream(per_thread(h_stream));
        cuStreamWaitEvent(
            h_stream: Stream, h_event: Event, flags: u32,
        ) => wait_event(h_stream, h_event);
        cuStreamWaitEvent_ptsz(
            h_stream: Stream, h_event: Event, flags: u32,
        ) => wait_event(per_thread(h_stream), h_event);
        cuStreamWaitValue32(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => wait_for_any(stream);
        cuStreamWaitValue32_ptsz(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => wait_for_any(per_thread(stream));
        cuStreamWaitValue32_v2(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => wait_for_any(stream);
        cuStreamWaitValue32_v2_ptsz(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => wait_for_any(per_thread(stream));
        cuStreamWaitValue64(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => wait_for_any(stream);
        cuStreamWaitValue64_ptsz(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => wait_for_any(per_thread(stream));
        cuStreamWaitValue64_v2(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => wait_for_any(stream);
        cuStreamWaitValue64_v2_ptsz(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => wait_for_any(per_thread(stream));
        cuStreamWriteValue32(stream: Stream, addr: u64, value: u32, flags: u32) => launch(stream);
        cuStreamWriteValue32_ptsz(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => launch(per_thread(stream));
        cuStreamWriteValue32_v2(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => launch(stream);
        cuStreamWriteValue32_v2_ptsz(
            stream: Stream, addr: u64, value: u32, flags: u32,
        ) => launch(per_thread(stream));
        cuStreamWriteValue64(stream: Stream, addr: u64, value: usize, flags: u32) => launch(stream);
        cuStreamWriteValue64_ptsz(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => launch(per_thread(stream));
        cuStreamWriteValue64_v2(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => launch(stream);
        cuStreamWriteValue64_v2_ptsz(
            stream: Stream, addr: u64, value: usize, flags: u32,
        ) => launch(per_thread(stream));
        cuWaitExternalSemaphoresAsync(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => wait_for_any(stream);
        cuWaitExternalSemaphoresAsync_ptsz(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => wait_for_any(per_thread(stream));
        }
    };
}

pub(super) use cuda_functions;
