//! The proof of the harness itself: it finds what is broken, blames nothing
//! that is legal, and says the same of the same server every time.

#[path = "../binary/mod.rs"]
mod binary;
mod broken;
mod busy;
mod catalogue;
mod elsewhere;
mod fixtures;
#[path = "../hosting/mod.rs"]
mod hosting;
mod legal;
mod minimal;
mod pairs;
mod repeated;
#[path = "../running/mod.rs"]
mod running;
#[path = "../serving/mod.rs"]
mod serving;
#[path = "../snapshot/mod.rs"]
mod snapshot;
