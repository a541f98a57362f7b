//! The exported functions, by subject. Thin: they convert, call what does the work, write outputs.

#![allow(non_snake_case, reason = "the names are HIP's")]

mod array;
mod attributes;
mod capture;
mod configured;
mod context;
mod copy;
mod copy_3d;
mod device;
mod error;
mod event;
mod fill;
mod graph;
mod graph_add;
mod graph_exec;
mod graph_node;
mod graph_params;
mod hipsim;
mod launch;
mod launch_multi;
mod memory;
mod module;
mod pool;
mod properties;
mod register;
mod stream;
mod symbol;
mod value;
