//! Scripts: compiled once, behind the types that the rulebook declares.

use super::Checker;
use crate::finding::{Finding, code};
use crate::model::ScriptFunction;
use crate::script::Script;
use crate::source::Span;
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
                self.names.insert(name.text.clone(), (super::Meaning::Broken, name.span));
                continue;
            };
            let file = self.sources.file(text.file);
            let script = match Script::compile(&name.text, declared.takes.0.len(), &file.text) {
                Ok(script) => Some(script),
                Err(fault) => {
                    let arguments: Vec<&str> = declared.takes.0.iter().map(|(name, _)| name.text.as_str()).collect();
                    let place = self.place_in(text.file, fault.line, fault.column);
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
            self.model.scripts.push(ScriptFunction {
                name: name.text.clone(),
                span: name.span,
                takes,
                returns: Type { kind, optional },
                script,
                path: file.path.to_string(),
            });
        }
    }

    fn place_in(&self, file: crate::source::FileId, line: Option<usize>, column: Option<usize>) -> Span {
        let text = &self.sources.file(file).text;
        let Some(line) = line else { return Span::top(file) };
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        let offset = rest.char_indices().nth(column.unwrap_or(1).saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        Span::new(file, start + offset, start + rest.trim_end().len().max(offset))
    }
}
