//! The part of a package that stands in for the engine in tests that run
//! natively: a fake for each function.

use std::fmt::Write as _;

use super::kind::{self, Answer, exported, unexported};
use super::{MODULE, Package, comment, head, imports};

impl Package<'_> {
    /// The file with the fakes.
    pub(super) fn fake(&self) -> anyhow::Result<String> {
        let mut fields = String::new();
        let mut functions = String::new();
        for function in self.interface.functions.values() {
            let name = exported(&function.name);
            let (parameters, arguments) = kind::parameters(self.resolve, function)?;
            let results = kind::results(self.resolve, function)?;
            writeln!(
                fields,
                "{}\t{name} func({parameters}){results}",
                comment(function.docs.contents.as_deref(), "\t", "")
            )?;
            let (give, otherwise) = match kind::answer(self.resolve, function) {
                Answer::Nothing => ("", "return".to_owned()),
                Answer::Plain(ty) => (
                    "return ",
                    format!("var zero {}\n\t\treturn zero", kind::go(self.resolve, ty)?),
                ),
                Answer::Fallible(ty) => (
                    "return ",
                    format!(
                        "var zero {}\n\t\treturn zero, policy.NotCollected(\"{}.{}\")",
                        kind::go(self.resolve, ty)?,
                        self.contract_name,
                        function.name
                    ),
                ),
            };
            write!(
                functions,
                "func {}({parameters}){results} {{\n\tif Fake.{name} == nil {{\n\t\t{otherwise}\n\
                 \t}}\n\t{give}Fake.{name}({arguments})\n}}\n\n",
                unexported(&function.name),
            )?;
        }
        let text = format!(
            "{}package {}\n\n{}\
             // Fake answers in the engine's place in tests that run natively; package\n\
             // policytest sets it. What has no fake was not collected.\n\
             var Fake struct {{\n{fields}}}\n\n{functions}",
            head(Some("!wasip1")),
            self.name,
            imports(&[(
                (fields.clone() + &functions).contains("policy."),
                format!("\"{MODULE}\"")
            )]),
        );
        Ok(text.trim_end().to_owned() + "\n")
    }
}
