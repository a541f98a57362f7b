//! The one list of hooks. Each row: the symbol's version node, the function with its parameters in ABI
//! terms, and the operation its call is made through. Sorted by name. Everything else is derived from it:
//! the exported functions, what look-ups answer, and `hip_version.map`; tests/hip_table.rs compares it
//! with what the real runtimes export. Functions left alone are in `unhooked.csv`, with the reason.

/// Hands the list to a macro.
macro_rules! hip_functions {
    ($with:ident) => {
        $with! {
        "hip_4.2" _Z23hipDestroySurfaceObjectP13__hip_surface(
            surface_object: Pointer,
        ) => wait_for_all();
        "hip_4.2" _Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_j(
            function: Pointer, global_work_size_x: u32, global_work_size_y: u32,
            global_work_size_z: u32, local_work_size_x: u32, local_work_size_y: u32,
            local_work_size_z: u32, shared_mem_bytes: usize, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer, start_event: Event, stop_event: Event,
            flags: u32,
        ) => launch_with_events(start_event, stop_event, h_stream);
        "hip_4.2" _Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_(
            function: Pointer, global_work_size_x: u32, global_work_size_y: u32,
            global_work_size_z: u32, local_work_size_x: u32, local_work_size_y: u32,
            local_work_size_z: u32, shared_mem_bytes: usize, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer, start_event: Event, stop_event: Event,
        ) => launch_with_events(start_event, stop_event, h_stream);
        "hip_4.2" _ZN8hip_impl22hipLaunchKernelGGLImplEmRK4dim3S2_jP12ihipStream_tPPv(
            function_address: usize, num_blocks: Pointer, dim_blocks: Pointer,
            shared_mem_bytes: u32, stream: Stream, kernarg: Pointer,
        ) -> () => launch(stream);
        "hip_4.2" __hipRegisterManagedVar(
            hip_module: Pointer, pointer: Pointer, init_value: Pointer, name: Pointer,
            size: usize, align: u32,
        ) -> () => block(NULL);
        "hip_4.2" __hipUnregisterFatBinary(modules: Pointer) -> () => wait_for_all();
        "hip_4.3" hipArrayDestroy(array: Pointer) => wait_for_all();
        "hip_4.2" hipBindTexture(
            offset: Pointer, tex: Pointer, dev_ptr: Pointer, desc: Pointer, size: usize,
        ) => launch(NULL);
        "hip_4.2" hipBindTexture2D(
            offset: Pointer, tex: Pointer, dev_ptr: Pointer, desc: Pointer, width: usize,
            height: usize, pitch: usize,
        ) => launch(NULL);
        "hip_4.2" hipBindTextureToArray(tex: Pointer, array: Pointer, desc: Pointer) => launch(NULL);
        "hip_4.2" hipBindTextureToMipmappedArray(
            tex: Pointer, mipmapped_array: Pointer, desc: Pointer,
        ) => launch(NULL);
        "hip_4.2" hipCtxDestroy(ctx: Pointer) => wait_for_all();
        "hip_4.2" hipCtxSynchronize() => synchronize_device();
        "hip_4.3" hipDestroyExternalMemory(ext_mem: Pointer) => wait_for_all();
        "hip_4.2" hipDestroySurfaceObject(surface_object: Pointer) => wait_for_all();
        "hip_4.2" hipDestroyTextureObject(texture_object: Pointer) => wait_for_all();
        "hip_4.2" hipDevicePrimaryCtxRelease(dev: i32) => wait_for_all();
        "hip_4.2" hipDevicePrimaryCtxReset(dev: i32) => wait_for_all();
        "hip_4.2" hipDeviceReset() => reset_device();
        "hip_5.3" hipDeviceSetLimit(limit: i32, value: usize) => wait_for_all();
        "hip_4.2" hipDeviceSynchronize() => synchronize_device();
        "hip_6.5" hipDrvLaunchKernelEx(
            config: Pointer, function: Pointer, params: Pointer, extra: Pointer,
        ) => launch_of(stream_of_driver_config(config), function, grid_of_driver_config(config));
        "hip_4.3" hipDrvMemcpy2DUnaligned(p_copy: Pointer) => launch(NULL);
        "hip_4.2" hipDrvMemcpy3D(p_copy: Pointer) => launch(NULL);
        "hip_4.2" hipDrvMemcpy3DAsync(p_copy: Pointer, stream: Stream) => launch(stream);
        "hip_4.2" hipEventDestroy(event: Event) => destroy_event(event);
        "hip_4.2" hipEventRecord(event: Event, stream: Stream) => record(event, stream);
        "hip_6.4" hipEventRecordWithFlags(
            event: Event, stream: Stream, flags: u32,
        ) => record(event, stream);
        "hip_5.2" hipEventRecord_spt(event: Event, stream: Stream) => record(event, per_thread(stream));
        "hip_4.2" hipEventSynchronize(event: Event) => synchronize_event(event);
        "hip_4.2" hipExtLaunchKernel(
            function_address: Pointer, num_blocks: Dim3, dim_blocks: Dim3, args: Pointer,
            shared_mem_bytes: usize, stream: Stream, start_event: Event, stop_event: Event,
            flags: i32,
        ) => launch_with_events(start_event, stop_event, stream);
        "hip_4.2" hipExtLaunchMultiKernelMultiDevice(
            launch_params_list: Pointer, num_devices: i32, flags: u32,
        ) => launch_on_each(streams_of_launches(launch_params_list, num_devices));
        "hip_4.2" hipExtModuleLaunchKernel(
            function: Pointer, global_work_size_x: u32, global_work_size_y: u32,
            global_work_size_z: u32, local_work_size_x: u32, local_work_size_y: u32,
            local_work_size_z: u32, shared_mem_bytes: usize, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer, start_event: Event, stop_event: Event,
            flags: u32,
        ) => launch_with_events(start_event, stop_event, h_stream);
        "hip_4.2" hipExtStreamCreateWithCUMask(
            stream: Pointer, cu_mask_size: u32, cu_mask: Pointer,
        ) => create_stream(stream);
        "hip_4.2" hipFree(ptr: Pointer) => wait_for_all();
        "hip_4.2" hipFreeArray(array: Pointer) => wait_for_all();
        "hip_5.1" hipFreeAsync(dev_ptr: Pointer, stream: Stream) => free(stream);
        "hip_4.2" hipFreeHost(ptr: Pointer) => wait_for_all();
        "hip_4.2" hipFreeMipmappedArray(mipmapped_array: Pointer) => wait_for_all();
        "hip_6.1" hipGraphInstantiateWithParams(
            p_graph_exec: Pointer, graph: Pointer, instantiate_params: Pointer,
        ) => instantiate(stream_of_instantiation(instantiate_params));
        "hip_4.3" hipGraphLaunch(
            graph_exec: Pointer, stream: Stream,
        ) => launch_of(stream, graph_exec, [1, 1, 1]);
        "hip_5.3" hipGraphLaunch_spt(
            graph_exec: Pointer, stream: Stream,
        ) => launch_of(per_thread(stream), graph_exec, [1, 1, 1]);
        "hip_5.3" hipGraphUpload(graph_exec: Pointer, stream: Stream) => launch(stream);
        "hip_4.3" hipGraphicsMapResources(
            count: i32, resources: Pointer, stream: Stream,
        ) => launch(stream);
        "hip_4.3" hipGraphicsUnmapResources(
            count: i32, resources: Pointer, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipHccModuleLaunchKernel(
            function: Pointer, global_work_size_x: u32, global_work_size_y: u32,
            global_work_size_z: u32, local_work_size_x: u32, local_work_size_y: u32,
            local_work_size_z: u32, shared_mem_bytes: usize, h_stream: Stream,
            kernel_params: Pointer, extra: Pointer, start_event: Event, stop_event: Event,
        ) => launch_with_events(start_event, stop_event, h_stream);
        "hip_4.2" hipHostFree(ptr: Pointer) => wait_for_all();
        "hip_4.2" hipHostUnregister(host_ptr: Pointer) => wait_for_all();
        "hip_4.2" hipIpcCloseMemHandle(dev_ptr: Pointer) => wait_for_all();
        "hip_4.2" hipLaunchCooperativeKernel(
            function: Pointer, grid_dim: Dim3, block_dim_x: Dim3, kernel_params: Pointer,
            shared_mem_bytes: u32, stream: Stream,
        ) => launch_of(stream, function, grid_dim.sizes());
        "hip_4.2" hipLaunchCooperativeKernelMultiDevice(
            launch_params_list: Pointer, num_devices: i32, flags: u32,
        ) => launch_on_each(streams_of_launches(launch_params_list, num_devices));
        "hip_5.2" hipLaunchCooperativeKernel_spt(
            function: Pointer, grid_dim: Dim3, block_dim: Dim3, kernel_params: Pointer,
            shared_mem_bytes: u32, h_stream: Stream,
        ) => launch_of(per_thread(h_stream), function, grid_dim.sizes());
        "hip_5.3" hipLaunchHostFunc(
            stream: Stream, function: Pointer, user_data: Pointer,
        ) => launch(stream);
        "hip_5.3" hipLaunchHostFunc_spt(
            stream: Stream, function: Pointer, user_data: Pointer,
        ) => launch(per_thread(stream));
        "hip_4.2" hipLaunchKernel(
            function_address: Pointer, num_blocks: Dim3, dim_blocks: Dim3, args: Pointer,
            shared_mem_bytes: usize, stream: Stream,
        ) => launch_of(stream, function_address, num_blocks.sizes());
        "hip_6.5" hipLaunchKernelExC(
            config: Pointer, f_ptr: Pointer, args: Pointer,
        ) => launch_of(stream_of_config(config), f_ptr, grid_of_config(config));
        "hip_5.2" hipLaunchKernel_spt(
            function_address: Pointer, num_blocks: Dim3, dim_blocks: Dim3, args: Pointer,
            shared_mem_bytes: usize, stream: Stream,
        ) => launch_of(per_thread(stream), function_address, num_blocks.sizes());
        "hip_7.2" hipLibraryUnload(library: Pointer) => wait_for_all();
        "hip_5.1" hipMallocAsync(dev_ptr: Pointer, size: usize, stream: Stream) => launch(stream);
        "hip_5.1" hipMallocFromPoolAsync(
            dev_ptr: Pointer, size: usize, mem_pool: Pointer, stream: Stream,
        ) => launch(stream);
        "hip_5.1" hipMemAddressFree(dev_ptr: Pointer, size: usize) => wait_for_all();
        "hip_5.1" hipMemMap(
            ptr: Pointer, size: usize, offset: usize, handle: Pointer, flags: u64,
        ) => block(NULL);
        "hip_5.1" hipMemMapArrayAsync(
            map_info_list: Pointer, count: u32, stream: Stream,
        ) => launch(stream);
        "hip_5.1" hipMemPoolDestroy(mem_pool: Pointer) => wait_for_all();
        "hip_5.1" hipMemPoolTrimTo(mem_pool: Pointer, min_bytes_to_hold: usize) => wait_for_all();
        "hip_4.2" hipMemPrefetchAsync(
            dev_ptr: Pointer, count: usize, device: i32, stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemPrefetchAsync_v2(
            dev_ptr: Pointer, count: usize, location: MemLocation, flags: u32, stream: Stream,
        ) => launch(stream);
        "hip_5.1" hipMemRelease(handle: Pointer) => wait_for_all();
        "hip_5.1" hipMemUnmap(ptr: Pointer, size: usize) => block(NULL);
        "hip_4.2" hipMemcpy(
            dst: Pointer, src: Pointer, size_bytes: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpy2D(
            dst: Pointer, dpitch: usize, src: Pointer, spitch: usize, width: usize,
            height: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_6.2" hipMemcpy2DArrayToArray(
            dst: Pointer, w_offset_dst: usize, h_offset_dst: usize, src: Pointer,
            w_offset_src: usize, h_offset_src: usize, width: usize, height: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpy2DAsync(
            dst: Pointer, dpitch: usize, src: Pointer, spitch: usize, width: usize,
            height: usize, kind: i32, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemcpy2DAsync_spt(
            dst: Pointer, dpitch: usize, src: Pointer, spitch: usize, width: usize,
            height: usize, kind: i32, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_4.2" hipMemcpy2DFromArray(
            dst: Pointer, dpitch: usize, src: Pointer, w_offset: usize, h_offset: usize,
            width: usize, height: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpy2DFromArrayAsync(
            dst: Pointer, dpitch: usize, src: Pointer, w_offset: usize, h_offset: usize,
            width: usize, height: usize, kind: i32, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemcpy2DFromArrayAsync_spt(
            dst: Pointer, dpitch: usize, src: Pointer, w_offset_src: usize, h_offset_src: usize,
            width: usize, height: usize, kind: i32, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemcpy2DFromArray_spt(
            dst: Pointer, dpitch: usize, src: Pointer, w_offset: usize, h_offset: usize,
            width: usize, height: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemcpy2DToArray(
            dst: Pointer, w_offset: usize, h_offset: usize, src: Pointer, spitch: usize,
            width: usize, height: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.3" hipMemcpy2DToArrayAsync(
            dst: Pointer, w_offset: usize, h_offset: usize, src: Pointer, spitch: usize,
            width: usize, height: usize, kind: i32, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemcpy2DToArrayAsync_spt(
            dst: Pointer, w_offset: usize, h_offset: usize, src: Pointer, spitch: usize,
            width: usize, height: usize, kind: i32, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemcpy2DToArray_spt(
            dst: Pointer, w_offset: usize, h_offset: usize, src: Pointer, spitch: usize,
            width: usize, height: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_5.2" hipMemcpy2D_spt(
            dst: Pointer, dpitch: usize, src: Pointer, spitch: usize, width: usize,
            height: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemcpy3D(p: Pointer) => launch(NULL);
        "hip_4.2" hipMemcpy3DAsync(p: Pointer, stream: Stream) => launch(stream);
        "hip_5.3" hipMemcpy3DAsync_spt(p: Pointer, stream: Stream) => launch(per_thread(stream));
        "hip_7.1" hipMemcpy3DBatchAsync(
            num_ops: usize, op_list: Pointer, fail_idx: Pointer, flags: u64, stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemcpy3DPeer(p: Pointer) => launch(NULL);
        "hip_7.1" hipMemcpy3DPeerAsync(p: Pointer, stream: Stream) => launch(stream);
        "hip_5.2" hipMemcpy3D_spt(p: Pointer) => launch(per_thread(NULL));
        "hip_4.2" hipMemcpyAsync(
            dst: Pointer, src: Pointer, size_bytes: usize, kind: i32, stream: Stream,
        ) => launch(stream);
        "hip_5.2" hipMemcpyAsync_spt(
            dst: Pointer, src: Pointer, size_bytes: usize, kind: i32, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_6.2" hipMemcpyAtoA(
            dst_array: Pointer, dst_offset: usize, src_array: Pointer, src_offset: usize,
            byte_count: usize,
        ) => launch(NULL);
        "hip_6.2" hipMemcpyAtoD(
            dst_device: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
        ) => launch(NULL);
        "hip_4.2" hipMemcpyAtoH(
            dst: Pointer, src_array: Pointer, src_offset: usize, count: usize,
        ) => block(NULL);
        "hip_6.2" hipMemcpyAtoHAsync(
            dst_host: Pointer, src_array: Pointer, src_offset: usize, byte_count: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemcpyBatchAsync(
            dsts: Pointer, srcs: Pointer, sizes: Pointer, count: usize, attrs: Pointer,
            attrs_idxs: Pointer, num_attrs: usize, fail_idx: Pointer, stream: Stream,
        ) => launch(stream);
        "hip_6.2" hipMemcpyDtoA(
            dst_array: Pointer, dst_offset: usize, src_device: Pointer, byte_count: usize,
        ) => launch(NULL);
        "hip_4.2" hipMemcpyDtoD(dst: Pointer, src: Pointer, size_bytes: usize) => launch(NULL);
        "hip_4.2" hipMemcpyDtoDAsync(
            dst: Pointer, src: Pointer, size_bytes: usize, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemcpyDtoH(dst: Pointer, src: Pointer, size_bytes: usize) => block(NULL);
        "hip_4.2" hipMemcpyDtoHAsync(
            dst: Pointer, src: Pointer, size_bytes: usize, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemcpyFromArray(
            dst: Pointer, src_array: Pointer, w_offset: usize, h_offset: usize, count: usize,
            kind: i32,
        ) => copy(NULL, kind);
        "hip_5.3" hipMemcpyFromArray_spt(
            dst: Pointer, src: Pointer, w_offset_src: usize, h_offset: usize, count: usize,
            kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemcpyFromSymbol(
            dst: Pointer, symbol: Pointer, size_bytes: usize, offset: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpyFromSymbolAsync(
            dst: Pointer, symbol: Pointer, size_bytes: usize, offset: usize, kind: i32,
            stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemcpyFromSymbolAsync_spt(
            dst: Pointer, symbol: Pointer, size_bytes: usize, offset: usize, kind: i32,
            stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemcpyFromSymbol_spt(
            dst: Pointer, symbol: Pointer, size_bytes: usize, offset: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemcpyHtoA(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, count: usize,
        ) => block(NULL);
        "hip_6.2" hipMemcpyHtoAAsync(
            dst_array: Pointer, dst_offset: usize, src_host: Pointer, byte_count: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemcpyHtoD(dst: Pointer, src: Pointer, size_bytes: usize) => block(NULL);
        "hip_4.2" hipMemcpyHtoDAsync(
            dst: Pointer, src: Pointer, size_bytes: usize, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemcpyParam2D(p_copy: Pointer) => launch(NULL);
        "hip_4.2" hipMemcpyParam2DAsync(p_copy: Pointer, stream: Stream) => launch(stream);
        "hip_4.2" hipMemcpyPeer(
            dst: Pointer, dst_device_id: i32, src: Pointer, src_device_id: i32,
            size_bytes: usize,
        ) => launch(NULL);
        "hip_4.2" hipMemcpyPeerAsync(
            dst: Pointer, dst_device_id: i32, src: Pointer, src_device: i32, size_bytes: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemcpyToArray(
            dst: Pointer, w_offset: usize, h_offset: usize, src: Pointer, count: usize,
            kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpyToSymbol(
            symbol: Pointer, src: Pointer, size_bytes: usize, offset: usize, kind: i32,
        ) => copy(NULL, kind);
        "hip_4.2" hipMemcpyToSymbolAsync(
            symbol: Pointer, src: Pointer, size_bytes: usize, offset: usize, kind: i32,
            stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemcpyToSymbolAsync_spt(
            symbol: Pointer, src: Pointer, size_bytes: usize, offset: usize, kind: i32,
            stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemcpyToSymbol_spt(
            symbol: Pointer, src: Pointer, size_bytes: usize, offset: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemcpyWithStream(
            dst: Pointer, src: Pointer, size_bytes: usize, kind: i32, stream: Stream,
        ) => copy(stream, kind);
        "hip_5.2" hipMemcpy_spt(
            dst: Pointer, src: Pointer, size_bytes: usize, kind: i32,
        ) => copy(per_thread(NULL), kind);
        "hip_4.2" hipMemset(dst: Pointer, value: i32, size_bytes: usize) => launch(NULL);
        "hip_4.2" hipMemset2D(
            dst: Pointer, pitch: usize, value: i32, width: usize, height: usize,
        ) => launch(NULL);
        "hip_4.2" hipMemset2DAsync(
            dst: Pointer, pitch: usize, value: i32, width: usize, height: usize, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemset2DAsync_spt(
            dst: Pointer, pitch: usize, value: i32, width: usize, height: usize, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemset2D_spt(
            dst: Pointer, pitch: usize, value: i32, width: usize, height: usize,
        ) => launch(per_thread(NULL));
        "hip_4.2" hipMemset3D(pitched_dev_ptr: PitchedPtr, value: i32, extent: Extent) => launch(NULL);
        "hip_4.2" hipMemset3DAsync(
            pitched_dev_ptr: PitchedPtr, value: i32, extent: Extent, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemset3DAsync_spt(
            pitched_dev_ptr: PitchedPtr, value: i32, extent: Extent, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_5.2" hipMemset3D_spt(
            pitched_dev_ptr: PitchedPtr, value: i32, extent: Extent,
        ) => launch(per_thread(NULL));
        "hip_4.2" hipMemsetAsync(
            dst: Pointer, value: i32, size_bytes: usize, stream: Stream,
        ) => launch(stream);
        "hip_5.3" hipMemsetAsync_spt(
            dst: Pointer, value: i32, size_bytes: usize, stream: Stream,
        ) => launch(per_thread(stream));
        "hip_4.2" hipMemsetD16(dest: Pointer, value: u16, count: usize) => launch(NULL);
        "hip_4.2" hipMemsetD16Async(
            dest: Pointer, value: u16, count: usize, stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemsetD2D16(
            dst: Pointer, dst_pitch: usize, value: u16, width: usize, height: usize,
        ) => launch(NULL);
        "hip_7.1" hipMemsetD2D16Async(
            dst: Pointer, dst_pitch: usize, value: u16, width: usize, height: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemsetD2D32(
            dst: Pointer, dst_pitch: usize, value: u32, width: usize, height: usize,
        ) => launch(NULL);
        "hip_7.1" hipMemsetD2D32Async(
            dst: Pointer, dst_pitch: usize, value: u32, width: usize, height: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_7.1" hipMemsetD2D8(
            dst: Pointer, dst_pitch: usize, value: u8, width: usize, height: usize,
        ) => launch(NULL);
        "hip_7.1" hipMemsetD2D8Async(
            dst: Pointer, dst_pitch: usize, value: u8, width: usize, height: usize,
            stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemsetD32(dest: Pointer, value: i32, count: usize) => launch(NULL);
        "hip_4.2" hipMemsetD32Async(
            dst: Pointer, value: i32, count: usize, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipMemsetD8(dest: Pointer, value: u8, count: usize) => launch(NULL);
        "hip_4.2" hipMemsetD8Async(
            dest: Pointer, value: u8, count: usize, stream: Stream,
        ) => launch(stream);
        "hip_5.2" hipMemset_spt(
            dst: Pointer, value: i32, size_bytes: usize,
        ) => launch(per_thread(NULL));
        "hip_4.2" hipMipmappedArrayDestroy(h_mipmapped_array: Pointer) => wait_for_all();
        "hip_5.5" hipModuleLaunchCooperativeKernel(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32,
            block_dim_x: u32, block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32,
            stream: Stream, kernel_params: Pointer,
        ) => launch_of(stream, function, [grid_dim_x, grid_dim_y, grid_dim_z]);
        "hip_5.5" hipModuleLaunchCooperativeKernelMultiDevice(
            launch_params_list: Pointer, num_devices: u32, flags: u32,
        ) => launch_on_each(streams_of_functions(launch_params_list, num_devices));
        "hip_4.2" hipModuleLaunchKernel(
            function: Pointer, grid_dim_x: u32, grid_dim_y: u32, grid_dim_z: u32,
            block_dim_x: u32, block_dim_y: u32, block_dim_z: u32, shared_mem_bytes: u32,
            stream: Stream, kernel_params: Pointer, extra: Pointer,
        ) => launch_of(stream, function, [grid_dim_x, grid_dim_y, grid_dim_z]);
        "hip_4.2" hipModuleUnload(module: Pointer) => wait_for_all();
        "hip_4.3" hipSignalExternalSemaphoresAsync(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => launch(stream);
        "hip_4.2" hipStreamAddCallback(
            stream: Stream, callback: Pointer, user_data: Pointer, flags: u32,
        ) => launch(stream);
        "hip_5.3" hipStreamAddCallback_spt(
            stream: Stream, callback: Pointer, user_data: Pointer, flags: u32,
        ) => launch(per_thread(stream));
        "hip_4.2" hipStreamAttachMemAsync(
            stream: Stream, dev_ptr: Pointer, length: usize, flags: u32,
        ) => launch(stream);
        "hip_6.4" hipStreamBatchMemOp(
            stream: Stream, count: u32, param_array: Pointer, flags: u32,
        ) => wait_for_any(stream);
        "hip_4.3" hipStreamBeginCapture(stream: Stream, mode: i32) => begin_capture(stream);
        "hip_6.1" hipStreamBeginCaptureToGraph(
            stream: Stream, graph: Pointer, dependencies: Pointer, dependency_data: Pointer,
            num_dependencies: usize, mode: i32,
        ) => begin_capture(stream);
        "hip_5.3" hipStreamBeginCapture_spt(
            stream: Stream, mode: i32,
        ) => begin_capture(per_thread(stream));
        "hip_4.2" hipStreamCreate(stream: Pointer) => create_stream(stream);
        "hip_4.2" hipStreamCreateWithFlags(stream: Pointer, flags: u32) => create_stream(stream);
        "hip_4.2" hipStreamCreateWithPriority(
            stream: Pointer, flags: u32, priority: i32,
        ) => create_stream(stream);
        "hip_4.2" hipStreamDestroy(stream: Stream) => destroy_stream(stream);
        "hip_4.2" hipStreamQuery(stream: Stream) => query_stream(stream);
        "hip_5.2" hipStreamQuery_spt(stream: Stream) => query_stream(per_thread(stream));
        "hip_4.2" hipStreamSynchronize(stream: Stream) => synchronize_stream(stream);
        "hip_5.2" hipStreamSynchronize_spt(stream: Stream) => synchronize_stream(per_thread(stream));
        "hip_4.2" hipStreamWaitEvent(
            stream: Stream, event: Event, flags: u32,
        ) => wait_event(stream, event);
        "hip_5.2" hipStreamWaitEvent_spt(
            stream: Stream, event: Event, flags: u32,
        ) => wait_event(per_thread(stream), event);
        "hip_4.4" hipStreamWaitValue32(
            stream: Stream, ptr: Pointer, value: u32, flags: u32, mask: u32,
        ) => wait_for_any(stream);
        "hip_4.4" hipStreamWaitValue64(
            stream: Stream, ptr: Pointer, value: u64, flags: u32, mask: u64,
        ) => wait_for_any(stream);
        "hip_4.4" hipStreamWriteValue32(
            stream: Stream, ptr: Pointer, value: u32, flags: u32,
        ) => launch(stream);
        "hip_4.4" hipStreamWriteValue64(
            stream: Stream, ptr: Pointer, value: u64, flags: u32,
        ) => launch(stream);
        "hip_4.2" hipTexObjectDestroy(tex_object: Pointer) => wait_for_all();
        "hip_4.2" hipUnbindTexture(tex: Pointer) => launch(NULL);
        "hip_4.3" hipWaitExternalSemaphoresAsync(
            ext_sem_array: Pointer, params_array: Pointer, num_ext_sems: u32, stream: Stream,
        ) => wait_for_any(stream);
        }
    };
}

pub(super) use hip_functions;
