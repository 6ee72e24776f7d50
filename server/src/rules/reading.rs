//! The folders as they are at one moment: the rules, and the plugins that they may use.

use std::path::Path;
use tierline_engine::load::{Folder, Library, StoreError};

/// The folders at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The rules.
    pub rules: Folder,
    /// The plugins, where there is a folder of them.
    pub plugins: Option<Folder>,
}

impl Reading {
    /// Reads both folders; there may be none of plugins.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn take(rules: &Path, plugins: &Path) -> Result<Self, StoreError> {
        let plugins = if plugins.is_dir() { Some(Folder::scan(plugins)?) } else { None };
        Ok(Self { rules: Folder::scan(rules)?, plugins })
    }

    /// Both, for those who load.
    pub fn library(&self) -> Library<'_> {
        Library { plugins: self.plugins.as_ref(), ..Library::from(&self.rules) }
    }
}
