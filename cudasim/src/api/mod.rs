//! The exported functions, by subject. Thin: they convert, call what does the work, write outputs.

#![allow(non_snake_case, reason = "the names are CUDA's")]

mod array;
mod attributes;
mod capture;
mod context;
mod copy;
mod copy_batch;
mod cudasim;
mod device;
mod driver;
mod event;
mod fill;
mod graph;
mod graph_exec;
mod graph_node;
mod graph_params;
mod launch;
mod memory;
mod module;
mod pointer;
mod pool;
mod stream;
mod stream_attributes;
mod value;
