//! What lies around every route, tried with a route that panics.
