//! Whether a library takes a server's chain with what it trusts on the host.
//! Where the pool is not wholly known, an issuer that is missing may be in
//! what is not, as may be a distrust: the answer is undecided, neither a
//! rejection nor an acceptance.

use std::sync::Arc;

use casefile_certificates::Certificate;
use casefile_certificates::chain::{
    Answer, ChainError, Problem, ProblemKind, Question, Verdict, verify,
};
use casefile_certificates::pool::{Library, Pool, Request};

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
        let explicit: Vec<&Certificate> = fact.explicit().collect();
        let distrusted: Vec<&Certificate> = fact.distrusts().collect();
        let question = Question {
            chain,
            pool: &trusted,
            explicit: &explicit,
            distrusted: &distrusted,
            host,
            time,
            go: request.go,
            level: Question::LEVEL,
        };
        let mut answer = verify(request.library, &question)?;
        explain(&mut answer, request.library, fact, chain);
        Ok(ChainAnswer { answer, pool })
    }
}

/// Says of an issuer that is missing whether the host has it all the same,
/// and leaves open what evidence that is missing could turn round.
fn explain(answer: &mut Answer, library: Library, pool: &Pool, chain: &[Certificate]) {
    for problem in &mut answer.problems {
        if !is_of_pool(problem) {
            continue;
        }
        let Some(last) = chain
            .iter()
            .find(|one| one.fingerprint == problem.fingerprint)
        else {
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
    let open = match answer.verdict {
        Verdict::Accepted => may_be_distrusted(answer, pool, chain),
        Verdict::Rejected => {
            let leaf = chain.first();
            let mut problems = answer.problems.iter();
            !pool.unknown.is_empty() && !problems.any(|problem| is_final(problem, library, leaf))
        }
        Verdict::Undecided => false,
    };
    if open {
        answer.verdict = Verdict::Undecided;
    }
}

/// Whether what is not known may distrust a certificate of the path.
fn may_be_distrusted(answer: &Answer, pool: &Pool, chain: &[Certificate]) -> bool {
    if pool.may_distrust.is_empty() {
        return false;
    }
    let of_path = |certificate: &&Certificate| {
        let mut steps = answer.path.iter();
        steps.any(|step| step.fingerprint == certificate.fingerprint)
    };
    let mut path = chain.iter().chain(pool.certificates()).filter(of_path);
    path.any(|certificate| {
        let mut unknown = pool.may_distrust.iter();
        unknown.any(|unknown| unknown.concerns(certificate))
    })
}

/// A problem with the issuer that the pool has, or has not.
const fn is_of_pool(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ProblemKind::IssuerMissing | ProblemKind::SelfSigned | ProblemKind::Unsupported
    )
}

/// A problem that every pool would leave. All others are of one path, and
/// another pool may lead to another path: a root that was renewed stands
/// beside the expired one.
fn is_final(problem: &Problem, library: Library, leaf: Option<&Certificate>) -> bool {
    let of_leaf = leaf.is_some_and(|leaf| leaf.fingerprint == problem.fingerprint);
    match problem.kind {
        ProblemKind::HostName => true,
        // Go parses all that is sent before it verifies.
        ProblemKind::Malformed => of_leaf || library == Library::Go,
        ProblemKind::Expired
        | ProblemKind::NotYetValid
        | ProblemKind::Purpose
        | ProblemKind::WeakKey => of_leaf,
        _ => false,
    }
}
