//! Where rulebooks and plugins are found.

use super::package::HostPlugin;
use super::store::Folder;

/// The folders of rules and plugins, and the plugins that a host brings along.
#[derive(Clone, Copy, Debug)]
pub struct Library<'a> {
    /// `RULES/PROGRAM/VERSION.toml`
    pub rules: &'a Folder,
    /// `PLUGINS/ID/plugin.toml`
    pub plugins: Option<&'a Folder>,
    /// Plugins that come with the program that runs the engine.
    pub hosts: &'a [HostPlugin],
}

impl<'a> Library<'a> {
    /// The same with a folder of plugins.
    pub fn with_plugins(self, plugins: &'a Folder) -> Self {
        Self { plugins: Some(plugins), ..self }
    }

    /// The same with the plugins of a host.
    pub fn with_hosts(self, hosts: &'a [HostPlugin]) -> Self {
        Self { hosts, ..self }
    }
}

impl<'a> From<&'a Folder> for Library<'a> {
    fn from(rules: &'a Folder) -> Self {
        Self { rules, plugins: None, hosts: &[] }
    }
}
