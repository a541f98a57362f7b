//! What an application asks about a capture, and how it changes where one goes on.

use std::cell::RefCell;
use std::sync::Arc;

use crate::abi::{Address, Out};
use crate::error::{Code, Result};
use crate::graph::Node;
use crate::handles::handle_of;
use crate::stream::Stream;
use crate::sync::lock;

/// `hipStreamCaptureStatus` and `CUstreamCaptureStatus`
const NONE: u32 = 0;
const ACTIVE: u32 = 1;
const INVALIDATED: u32 = 2;

/// What the next node comes after: nodes to add, or all of them.
pub fn set_last(stream: &Arc<Stream>, nodes: Vec<Arc<Node>>, flags: u32) -> Result {
    const ADD: u32 = 0;
    const SET: u32 = 1;
    let mut member = lock(&stream.capture);
    let member = member.as_mut().ok_or(Code::ILLEGAL_STATE)?;
    match flags {
        ADD => member.last.extend(nodes),
        SET => member.last = nodes,
        _ => return Err(Code::INVALID_VALUE),
    }
    Ok(())
}

/// What a stream has to do with a capture.
pub struct Info {
    pub status: u32,
    id: u64,
    graph: Address,
    last: Vec<Arc<Node>>,
}

impl Info {
    pub fn of(stream: &Arc<Stream>) -> Info {
        match &*lock(&stream.capture) {
            None => Info {
                status: NONE,
                id: 0,
                graph: Address(0),
                last: Vec::new(),
            },
            Some(member) => Info {
                status: if member.capture.is_valid() {
                    ACTIVE
                } else {
                    INVALIDATED
                },
                id: member.capture.id,
                graph: member.capture.graph.clone().publish(),
                last: member.last.clone(),
            },
        }
    }

    pub fn put(&self, status: Out<u32>, id: Out<u64>) -> Result {
        status.put(self.status)?;
        id.put_optional(self.id);
        Ok(())
    }

    /// The list of nodes is valid until the calling thread asks again.
    pub fn put_all(
        &self,
        status: Out<u32>,
        id: Out<u64>,
        graph: Out<Address>,
        nodes: Out<Address>,
        count: Out<usize>,
    ) -> Result {
        thread_local! {
            static NODES: RefCell<Vec<Address>> = const { RefCell::new(Vec::new()) };
        }
        self.put(status, id)?;
        graph.put_optional(self.graph);
        count.put_optional(self.last.len());
        NODES.with_borrow_mut(|list| {
            *list = self.last.iter().map(handle_of).collect();
            nodes.put_optional(Address(list.as_ptr().expose_provenance()));
        });
        Ok(())
    }
}
