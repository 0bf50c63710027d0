//! Whether a library takes a server's chain with what it trusts on the host.
//! Where the pool is not wholly known, an issuer that is missing may be in
//! what is not: the answer is undecided, and never a rejection.

use std::sync::Arc;

use casefile_certificates::Certificate;
use casefile_certificates::chain::{
    Answer, ChainError, Problem, ProblemKind, Question, Verdict, verify,
};
use casefile_certificates::pool::{Pool, Request};

use crate::facts::{FactResult, Facts, Missing};

/// An answer, and the pool that it was given with.
#[derive(Clone, Debug)]
pub struct ChainAnswer {
    /// What the library says.
    pub answer: Answer,
    /// What it trusts.
    pub pool: Arc<FactResult<Pool>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChainQuestionError {
    /// It is not known what the library trusts.
    #[error("what the host trusts is not known: {} ({})", .0.path, .0.absence)]
    Pool(Box<Missing>),
    /// The chain is none.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl Facts {
    /// Asks a library of the host about a chain: for which host, and when, in
    /// seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// The chain is empty, or it is not known what the library trusts.
    pub fn chain_answer(
        &self,
        request: &Request,
        chain: &[Certificate],
        host: Option<&str>,
        time: i64,
    ) -> Result<ChainAnswer, ChainQuestionError> {
        let pool = self.pool(request);
        let fact = match &*pool {
            Ok(fact) => &fact.value,
            Err(missing) => return Err(ChainQuestionError::Pool(Box::new(missing.clone()))),
        };
        let trusted: Vec<&Certificate> = fact.certificates().collect();
        let question = Question {
            chain,
            pool: &trusted,
            host,
            time,
            go: request.go,
            level: Question::LEVEL,
        };
        let mut answer = verify(request.library, &question)?;
        explain(&mut answer, fact, chain);
        Ok(ChainAnswer { answer, pool })
    }
}

/// Says of an issuer that is missing whether the host has it all the same,
/// or may have it.
fn explain(answer: &mut Answer, pool: &Pool, chain: &[Certificate]) {
    let mut open = !pool.unknown.is_empty();
    for problem in &mut answer.problems {
        if !is_of_pool(problem) {
            open = false;
            continue;
        }
        let Some(last) = chain.iter().find(|one| one.subject == problem.subject) else {
            continue;
        };
        let refused = pool.members.iter().find(|member| {
            member.rejected.is_some()
                && member
                    .certificate()
                    .is_some_and(|certificate| certificate.subject == last.issuer)
        });
        if let Some(member) = refused
            && let Some(reason) = &member.rejected
        {
            problem.reason += &format!("; {} has it, but it is not taken: {reason}", member.path);
        }
    }
    if open && answer.verdict == Verdict::Rejected {
        answer.verdict = Verdict::Undecided;
    }
}

/// A problem that another pool might not have.
const fn is_of_pool(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ProblemKind::IssuerMissing | ProblemKind::SelfSigned | ProblemKind::Unsupported
    )
}
