//! The sandbox in which Rhai scripts run: pure functions behind a declared contract.
