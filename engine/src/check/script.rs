//! Scripts: compiled once, behind the types that the rulebook declares.

use super::Checker;
use super::contract::{fits, named, probes};
use crate::finding::{Finding, code};
use crate::model::ScriptFunction;
use crate::script::Script;
use crate::source::{FileId, Span};
use crate::value::Type;

impl Checker<'_> {
    pub(super) fn read_scripts(&mut self) {
        for (name, declared) in &self.rulebook.scripts.0 {
            let takes: Vec<_> = declared
                .takes
                .0
                .iter()
                .filter_map(|(argument, ty)| Some((argument.text.clone(), self.field_kind(&ty.text, ty.span)?)))
                .collect();
            let (of, optional) = match declared.returns.text.strip_suffix(" or none") {
                Some(of) => (of.trim(), true),
                None => (declared.returns.text.as_str(), false),
            };
            let returns = self.field_kind(of, declared.returns.span);
            let Some(text) = self.written.scripts.iter().find(|script| script.name == name.text) else {
                if declared.file.is_none() {
                    self.findings.add(
                        Finding::new(&code::MISSING_KEY, name.span, "`file` is missing")
                            .help("write `file = \"NAME.rhai\"`, the file that holds the function"),
                    );
                }
                self.names.insert(name.text.clone(), (super::Meaning::Broken, name.span));
                continue;
            };
            let file = self.sources.file(text.file);
            let compiled = match &text.own {
                Some(script) => script.taking(declared.takes.0.len()),
                None => Script::compile(&name.text, declared.takes.0.len(), &file.text),
            };
            let script = match compiled {
                Ok(script) => Some(script),
                Err(fault) => {
                    let arguments: Vec<&str> = declared.takes.0.iter().map(|(name, _)| name.text.as_str()).collect();
                    let place = match &text.own {
                        Some(_) => name.span,
                        None => self.sources.at(text.file, fault.line, fault.column),
                    };
                    self.findings.add(
                        Finding::new(&code::BROKEN_SCRIPT, place, fault.message)
                            .and(name.span, "the script is declared here")
                            .help(format!(
                                "the file holds a function `fn {}({}) {{ … }}`",
                                name.text,
                                arguments.join(", ")
                            )),
                    );
                    None
                }
            };
            let (Some(script), Some(kind)) = (script, returns) else {
                self.names.insert(name.text.clone(), (super::Meaning::Broken, name.span));
                continue;
            };
            let place = crate::model::ScriptId(self.model.scripts.len() as u32);
            self.names.insert(name.text.clone(), (super::Meaning::Script(place), name.span));
            let function = ScriptFunction {
                name: name.text.clone(),
                span: name.span,
                takes,
                returns: Type { kind, optional },
                script,
                path: file.path.to_string(),
            };
            self.result_fits(&function, declared.returns.span, text.file);
            self.model.scripts.push(function);
        }
    }

    /// A finding when not one sample gives a value of the declared type.
    fn result_fits(&mut self, function: &ScriptFunction, declared: Span, file: FileId) {
        let probes = probes(&self.model, function);
        let values: Vec<_> = probes.iter().filter_map(|probe| probe.gave.as_ref().ok()).collect();
        let Some(first) = values.first() else { return };
        if values.iter().any(|value| fits(&self.model, value, &function.returns)) {
            return;
        }
        let place = match function.script.place() {
            Some((line, column)) => self.sources.at(file, Some(line), Some(column)),
            None => declared,
        };
        let message = format!(
            "the script returns {} where {} is declared",
            named(first),
            self.model.kind_name(&function.returns.kind)
        );
        self.findings.add(
            Finding::new(&code::WRONG_RESULT, place, message)
                .and(declared, "the type is declared here")
                .help("return a value of that type on every way through the function, or declare what it returns"),
        );
    }
}
