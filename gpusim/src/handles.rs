//! Handles given to the application: the address of the object, so that an address comes back into
//! use after its object is gone, as with the real runtime. Unknown values are refused, not
//! followed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::abi::Address;
use crate::sync::lock;

pub struct Handles<T>(Mutex<BTreeMap<usize, Arc<T>>>);

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Handles<T> {
    pub const fn new() -> Handles<T> {
        Handles(Mutex::new(BTreeMap::new()))
    }

    pub fn add(&self, object: Arc<T>) -> Address {
        let handle = handle_of(&object);
        lock(&self.0).insert(handle.0, object);
        handle
    }

    pub fn get(&self, handle: Address) -> Option<Arc<T>> {
        lock(&self.0).get(&handle.0).cloned()
    }

    pub fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let objects = lock(&self.0);
        objects.values().find(|object| is_it(object)).cloned()
    }

    pub fn retain(&self, keep: impl Fn(&T) -> bool) {
        lock(&self.0).retain(|_, object| keep(object));
    }

    pub fn remove(&self, handle: Address) -> Option<Arc<T>> {
        lock(&self.0).remove(&handle.0)
    }
}

/// The handle that this object has, or would have.
pub fn handle_of<T>(object: &Arc<T>) -> Address {
    Address(Arc::as_ptr(object).expose_provenance())
}
