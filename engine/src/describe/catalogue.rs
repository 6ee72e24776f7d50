//! The message catalogue: every sentence in which rules are described, in three languages.

pub mod built_in;
pub mod duty;
pub mod expression;
pub mod part;
pub mod rule;
pub mod ruling;
