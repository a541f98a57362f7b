//! The exported functions, by subject. Thin: they convert, call what does the work, write outputs.

#![allow(non_snake_case, reason = "the names are CUDA's")]

mod attributes;
mod context;
mod copy;
mod cudasim;
mod device;
mod driver;
mod event;
mod fill;
mod launch;
mod memory;
mod module;
mod pointer;
mod pool;
mod stream;
mod value;
