//! The Tierline evaluation API.
