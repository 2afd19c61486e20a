//! What must hold of every plan, and what a searcher would expect of some.

mod hospital;
mod plans;
mod properties;
mod sentences;
mod shelves;
