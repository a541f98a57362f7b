//! The one list of hooks. Each row: the function with its parameters in ABI terms, and the operation its
//! call is made through. Sorted by name. Everything else is derived from it: the exported functions and
//! what look-ups answer; tests/cuda_table.rs compares it with what the headers declare. Functions left
//! alone are in `unhooked.csv`, with the reason.

/// Hands the list to a macro.
macro_rules! cuda_functions {
    ($with:ident) => {
        $with! {
        cuArray3DCreate(p_handle: Pointer, p_allocate_array: Pointer) => may_wait();
        cuArray3DCreate_v2(p_handle: Pointer, p_allocate_array: Pointer) => may_wait();
        cuArrayCreate(p_handle: Pointer, p_allocate_array: Pointer) => may_wait();
        cuArrayCreate_v2(p_handle: Pointer, p_allocate_array: Pointer) => may_wait();
        cuArrayDestroy(h_array: Pointer) => wait_for_all();
        cuCheckpointProcessCheckpoint(pid: i32, args: Pointer) => wait_for_all();
        cuCheckpointProcessLock(pid: i32, args: Pointer) => wait_for_all();
        cuCtxCreate(pctx: Pointer, flags: u32, dev: i32) => may_wait();
        cuCtxCreate_v2(pctx: Pointer, flags: u32, dev: i32) => may_wait();
        cuCtxCreate_v3(
            pctx: Pointer, params_array: Pointer, num_params: i32, flags: u32, dev: i32,
        ) => may_wait();
        cuCtxCreate_v4(
            pctx: Pointer, ctx_create_params: Pointer, flags: u32, dev: i32,
        ) => may_wait();
        cuCtxDestroy(ctx: Pointer) => destroy_context(ctx);
        cuCtxDestroy_v2(ctx: Pointer) => destroy_context(ctx);
        cuCtxDetach(ctx: Pointer) => destroy_context(ctx);
        cuCtxDisablePeerAccess(peer_context: Pointer) => may_wait();
        cuCtxEnablePeerAccess(peer_context: Pointer, flags: u32) => may_wait();
        cuCtxRecordEvent(h_ctx: Pointer, h_event: Event) => record_behind_all(h_event);
        cuCtxSetLimit(limit: i32, value: usize) => may_wait();
        cuCtxSynchronize() => synchronize_device();
        cuCtxSynchronize_v2(ctx: Pointer) => synchronize_context(ctx);
        cuCtxWaitEvent(h_ctx: Pointer, h_event: Event) => wait_event(NULL, h_event);
        cuDestroyExternalMemory(ext_mem: Pointer) => may_wait();
        cuDestroyExternalSemaphore(ext_sem: Pointer) => may_wait();
        cuDeviceGraphMemTrim(device: i32) => may_wait();
        cuDevicePrimaryCtxRelease(dev: i32) => release_primary_context(dev);
        cuDevicePrimaryCtxRelease_v2(dev: i32) => release_primary_context(dev);
        cuDevicePrimaryCtxReset(dev: i32) => reset_primary_context(dev);
        cuDevicePrimaryCtxReset_v2(dev: i32) => reset_primary_context(dev);
        cuDevicePrimaryCtxRetain(pctx: Pointer, dev: i32) => may_wait();
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
        cuExternalMemoryGetMappedBuffer(
            dev_ptr: Pointer, ext_mem: Pointer, buffer_desc: Pointer,
        ) => may_wait();
        cuExternalMemoryGetMappedMipmappedArray(
            mipmap: Pointer, ext_mem: Pointer, mipmap_desc: Pointer,
        ) => may_wait();
        cuFabricCpyBatchAsync(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(h_stream);
        cuFabricCpyBatchAsync_ptsz(
            num_ops: usize, op_list: Pointer, flags: u64, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuFuncGetAttribute(pi: Pointer, attrib: i32, hfunc: Pointer) => may_wait();
        cuFuncLoad(function: Pointer) => may_wait();
        cuFuncSetAttribute(hfunc: Pointer, attrib: i32, value: i32) => may_wait();
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
        cuGLUnregisterBufferObject(buffer: u32) => may_wait();
        cuGraphExecUpdate(
            h_graph_exec: Pointer, h_graph: Pointer, h_error_node_out: Pointer,
            update_result_out: Pointer,
        ) => may_wait();
        cuGraphExecUpdate_v2(
            h_graph_exec: Pointer, h_graph: Pointer, result_info: Pointer,
        ) => may_wait();
        cuGraphInstantiate(
            ph_graph_exec: Pointer, h_graph: Pointer, ph_error_node: Pointer, log_buffer: Pointer,
            buffer_size: usize,
        ) => may_wait();
        cuGraphInstantiateWithFlags(
            ph_graph_exec: Pointer, h_graph: Pointer, flags: u64,
        ) => may_wait();
        cuGraphInstantiateWithParams(
            ph_graph_exec: Pointer, h_graph: Pointer, instantiate_params: Pointer,
        ) => instantiate(stream_of_instantiation(instantiate_params));
        cuGraphInstantiateWithParams_ptsz(
            ph_graph_exec: Pointer, h_graph: Pointer, instantiate_params: Pointer,
        ) => instantiate(per_thread(stream_of_instantiation(instantiate_params)));
        cuGraphInstantiate_v2(
            ph_graph_exec: Pointer, h_graph: Pointer, ph_error_node: Pointer, log_buffer: Pointer,
            buffer_size: usize,
        ) => may_wait();
        cuGraphLaunch(h_graph: Pointer, h_stream: Stream) => launch_of(h_stream, h_graph, [1, 1, 1]);
        cuGraphLaunch_ptsz(
            h_graph_exec: Pointer, h_stream: Stream,
        ) => launch_of(per_thread(h_stream), h_graph_exec, [1, 1, 1]);
        cuGraphUpload(h_graph: Pointer, h_stream: Stream) => launch(h_stream);
        cuGraphUpload_ptsz(h_graph_exec: Pointer, h_stream: Stream) => launch(per_thread(h_stream));
        cuGraphicsEGLRegisterImage(
            p_cuda_resource: Pointer, image: Pointer, flags: u32,
        ) => may_wait();
        cuGraphicsGLRegisterBuffer(p_cuda_resource: Pointer, buffer: u32, flags: u32) => may_wait();
        cuGraphicsGLRegisterImage(
            p_cuda_resource: Pointer, image: u32, target: u32, flags: u32,
        ) => may_wait();
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
        cuGraphicsUnregisterResource(resource: Pointer) => may_wait();
        cuGraphicsVDPAURegisterOutputSurface(
            p_cuda_resource: Pointer, vdp_surface: u32, flags: u32,
        ) => may_wait();
        cuGraphicsVDPAURegisterVideoSurface(
            p_cuda_resource: Pointer, vdp_surface: u32, flags: u32,
        ) => may_wait();
        cuGreenCtxCreate(ph_ctx: Pointer, desc: Pointer, dev: i32, flags: u32) => may_wait();
        cuGreenCtxDestroy(h_ctx: Pointer) => may_wait();
        cuGreenCtxRecordEvent(h_ctx: Pointer, h_event: Event) => record_behind_all(h_event);
        cuGreenCtxStreamCreate(
            ph_stream: Pointer, green_ctx: Pointer, flags: u32, priority: i32,
        ) => create_stream(ph_stream);
        cuGreenCtxWaitEvent(h_ctx: Pointer, h_event: Event) => wait_event(NULL, h_event);
        cuImportExternalMemory(ext_mem_out: Pointer, mem_handle_desc: Pointer) => may_wait();
        cuImportExternalSemaphore(ext_sem_out: Pointer, sem_handle_desc: Pointer) => may_wait();
        cuIpcCloseMemHandle(dptr: u64) => may_wait();
        cuIpcOpenMemHandle(pdptr: Pointer, handle: IpcMemHandle, flags: u32) => may_wait();
        cuIpcOpenMemHandle_v2(pdptr: Pointer, handle: IpcMemHandle, flags: u32) => may_wait();
        cuKernelGetAttribute(pi: Pointer, attrib: i32, kernel: Pointer, dev: i32) => may_wait();
        cuKernelGetFunction(p_func: Pointer, kernel: Pointer) => may_wait();
        cuKernelSetAttribute(attrib: i32, val: i32, kernel: Pointer, dev: i32) => may_wait();
        cuLaunch(function: Pointer) => launch(NULL);
        cuLaunchCooperativeKernel(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer,
        ) => launch_of(h_stream, function, [grid_dim_x, grid_dim_y, grid_dim_z]);
        cuLaunchCooperativeKernelMultiDevice(
            launch_params_list: Pointer, num_devices: u32, flags: u32,
        ) => launch_on_each(streams_of_launches(launch_params_list, num_devices));
        cuLaunchCooperativeKernel_ptsz(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer,
        ) => launch_of(per_thread(h_stream), function, [grid_dim_x, grid_dim_y, grid_dim_z]);
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
        ) => launch_of(h_stream, function, [grid_dim_x, grid_dim_y, grid_dim_z]);
        cuLaunchKernelEx(
            config: Pointer, function: Pointer, kernel_params: Pointer, extra: Pointer,
        ) => launch_of(stream_of_config(config), function, grid_of_config(config));
        cuLaunchKernelEx_ptsz(
            config: Pointer, function: Pointer, kernel_params: Pointer, extra: Pointer,
        ) => launch_of(per_thread(stream_of_config(config)), function, grid_of_config(config));
        cuLaunchKernel_ptsz(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32, block_dim_x: u32,
            block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer,
        ) => launch_of(per_thread(h_stream), function, [grid_dim_x, grid_dim_y, grid_dim_z]);
        cuLibraryGetGlobal(
            dptr: Pointer, bytes: Pointer, library: Pointer, name: Pointer,
        ) => may_wait();
        cuLibraryGetKernel(p_kernel: Pointer, library: Pointer, name: Pointer) => may_wait();
        cuLibraryGetManaged(
            dptr: Pointer, bytes: Pointer, library: Pointer, name: Pointer,
        ) => may_wait();
        cuLibraryGetModule(p_mod: Pointer, library: Pointer) => may_wait();
        cuLibraryGetUnifiedFunction(fptr: Pointer, library: Pointer, symbol: Pointer) => may_wait();
        cuLibraryLoadData(
            library: Pointer, code: Pointer, jit_options: Pointer, jit_options_values: Pointer,
            num_jit_options: u32, library_options: Pointer, library_option_values: Pointer,
            num_library_options: u32,
        ) => may_wait();
        cuLibraryLoadFromFile(
            library: Pointer, file_name: Pointer, jit_options: Pointer, jit_options_values: Pointer,
            num_jit_options: u32, library_options: Pointer, library_option_values: Pointer,
            num_library_options: u32,
        ) => may_wait();
        cuLibraryUnload(library: Pointer) => wait_for_all();
        cuLogicalEndpointAddDevice(le_id: u32, dev: i32) => may_wait();
        cuLogicalEndpointBindAddr(
            le_id: u32, dev: i32, offset: usize, ptr: Pointer, size: usize, flags: u64,
        ) => may_wait();
        cuLogicalEndpointBindMem(
            le_id: u32, dev: i32, offset: usize, mem_handle: u64, mem_offset: usize, size: usize,
            flags: u64,
        ) => may_wait();
        cuLogicalEndpointCreate(le_id: u32, prop: Pointer) => may_wait();
        cuLogicalEndpointIdReserve(base_le_id: Pointer, count: u32) => may_wait();
        cuLogicalEndpointImport(le_id: u32, handle: Pointer, handle_type: i32) => may_wait();
        cuLogicalEndpointUnbind(le_id: u32, dev: i32, offset: usize, size: usize) => may_wait();
        cuMemAddressFree(ptr: u64, size: usize) => may_wait();
        cuMemAddressReserve(
            ptr: Pointer, size: usize, alignment: usize, addr: u64, flags: u64,
        ) => may_wait();
        cuMemAlloc(dptr: Pointer, bytesize: u32) => may_wait();
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
        cuMemAllocHost(pp: Pointer, bytesize: u32) => may_wait();
        cuMemAllocHost_v2(pp: Pointer, bytesize: usize) => may_wait();
        cuMemAllocManaged(dptr: Pointer, bytesize: usize, flags: u32) => may_wait();
        cuMemAllocPitch(
            dptr: Pointer, p_pitch: Pointer, width_in_bytes: u32, height: u32,
            element_size_bytes: u32,
        ) => may_wait();
        cuMemAllocPitch_v2(
            dptr: Pointer, p_pitch: Pointer, width_in_bytes: usize, height: usize,
            element_size_bytes: u32,
        ) => may_wait();
        cuMemAlloc_v2(dptr: Pointer, bytesize: usize) => may_wait();
        cuMemBatchDecompressAsync(
            params_array: Pointer, count: usize, flags: u32, error_index: Pointer, stream: Stream,
        ) => launch(stream);
        cuMemBatchDecompressAsync_ptsz(
            params_array: Pointer, count: usize, flags: u32, error_index: Pointer, stream: Stream,
        ) => launch(per_thread(stream));
        cuMemCreate(handle: Pointer, size: usize, prop: Pointer, flags: u64) => may_wait();
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
        cuMemHostAlloc(pp: Pointer, bytesize: usize, flags: u32) => may_wait();
        cuMemHostRegister(p: Pointer, bytesize: usize, flags: u32) => may_wait();
        cuMemHostRegister_v2(p: Pointer, bytesize: usize, flags: u32) => may_wait();
        cuMemHostUnregister(p: Pointer) => wait_for_all();
        cuMemImportFromShareableHandle(
            handle: Pointer, os_handle: Pointer, sh_handle_type: i32,
        ) => may_wait();
        cuMemMap(ptr: u64, size: usize, offset: usize, handle: u64, flags: u64) => may_wait();
        cuMemMapArrayAsync(
            map_info_list: Pointer, count: u32, h_stream: Stream,
        ) => launch(h_stream);
        cuMemMapArrayAsync_ptsz(
            map_info_list: Pointer, count: u32, h_stream: Stream,
        ) => launch(per_thread(h_stream));
        cuMemPoolCreate(pool: Pointer, pool_props: Pointer) => may_wait();
        cuMemPoolDestroy(pool: Pointer) => may_wait();
        cuMemPoolImportFromShareableHandle(
            pool_out: Pointer, handle: Pointer, handle_type: i32, flags: u64,
        ) => may_wait();
        cuMemPoolImportPointer(ptr_out: Pointer, pool: Pointer, share_data: Pointer) => may_wait();
        cuMemPoolSetAccess(pool: Pointer, map: Pointer, count: usize) => may_wait();
        cuMemPoolTrimTo(pool: Pointer, min_bytes_to_keep: usize) => may_wait();
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
        cuMemRelease(handle: u64) => may_wait();
        cuMemSetAccess(ptr: u64, size: usize, desc: Pointer, count: usize) => may_wait();
        cuMemUnmap(ptr: u64, size: usize) => may_wait();
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
        cuMipmappedArrayCreate(
            p_handle: Pointer, p_mipmapped_array_desc: Pointer, num_mipmap_levels: u32,
        ) => may_wait();
        cuMipmappedArrayDestroy(h_mipmapped_array: Pointer) => wait_for_all();
        cuModuleGetFunction(hfunc: Pointer, hmod: Pointer, name: Pointer) => may_wait();
        cuModuleGetGlobal(
            dptr: Pointer, bytes: Pointer, hmod: Pointer, name: Pointer,
        ) => may_wait();
        cuModuleGetGlobal_v2(
            dptr: Pointer, bytes: Pointer, hmod: Pointer, name: Pointer,
        ) => may_wait();
        cuModuleGetSurfRef(p_surf_ref: Pointer, hmod: Pointer, name: Pointer) => may_wait();
        cuModuleGetTexRef(p_tex_ref: Pointer, hmod: Pointer, name: Pointer) => may_wait();
        cuModuleLoad(module: Pointer, fname: Pointer) => may_wait();
        cuModuleLoadData(module: Pointer, image: Pointer) => may_wait();
        cuModuleLoadDataEx(
            module: Pointer, image: Pointer, num_options: u32, options: Pointer,
            option_values: Pointer,
        ) => may_wait();
        cuModuleLoadFatBinary(module: Pointer, fat_cubin: Pointer) => may_wait();
        cuModuleUnload(hmod: Pointer) => wait_for_all();
        cuMulticastAddDevice(mc_handle: u64, dev: i32) => may_wait();
        cuMulticastBindAddr(
            mc_handle: u64, mc_offset: usize, memptr: u64, size: usize, flags: u64,
        ) => may_wait();
        cuMulticastBindAddr_v2(
            mc_handle: u64, dev: i32, mc_offset: usize, memptr: u64, size: usize, flags: u64,
        ) => may_wait();
        cuMulticastBindMem(
            mc_handle: u64, mc_offset: usize, mem_handle: u64, mem_offset: usize, size: usize,
            flags: u64,
        ) => may_wait();
        cuMulticastBindMem_v2(
            mc_handle: u64, dev: i32, mc_offset: usize, mem_handle: u64, mem_offset: usize,
            size: usize, flags: u64,
        ) => may_wait();
        cuMulticastCreate(mc_handle: Pointer, prop: Pointer) => may_wait();
        cuMulticastUnbind(mc_handle: u64, dev: i32, mc_offset: usize, size: usize) => may_wait();
        cuOccupancyAvailableDynamicSMemPerBlock(
            dynamic_smem_size: Pointer, func: Pointer, num_blocks: i32, block_size: i32,
        ) => may_wait();
        cuOccupancyMaxActiveBlocksPerMultiprocessor(
            num_blocks: Pointer, func: Pointer, block_size: i32, dynamic_s_mem_size: usize,
        ) => may_wait();
        cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
            num_blocks: Pointer, func: Pointer, block_size: i32, dynamic_s_mem_size: usize,
            flags: u32,
        ) => may_wait();
        cuOccupancyMaxActiveClusters(
            num_clusters: Pointer, func: Pointer, config: Pointer,
        ) => may_wait();
        cuOccupancyMaxPotentialBlockSize(
            min_grid_size: Pointer, block_size: Pointer, func: Pointer,
            block_size_to_dynamic_s_mem_size: Pointer, dynamic_s_mem_size: usize,
            block_size_limit: i32,
        ) => may_wait();
        cuOccupancyMaxPotentialBlockSizeWithFlags(
            min_grid_size: Pointer, block_size: Pointer, func: Pointer,
            block_size_to_dynamic_s_mem_size: Pointer, dynamic_s_mem_size: usize,
            block_size_limit: i32, flags: u32,
        ) => may_wait();
        cuOccupancyMaxPotentialClusterSize(
            cluster_size: Pointer, func: Pointer, config: Pointer,
        ) => may_wait();
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
        cuSurfObjectCreate(p_surf_object: Pointer, p_res_desc: Pointer) => may_wait();
        cuSurfObjectDestroy(surf_object: u64) => may_wait();
        cuTexObjectCreate(
            p_tex_object: Pointer, p_res_desc: Pointer, p_tex_desc: Pointer,
            p_res_view_desc: Pointer,
        ) => may_wait();
        cuTexObjectDestroy(tex_object: u64) => may_wait();
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
