//! Who may do what: bearer tokens, kept as hashes, each with its scopes.
//!
//! A token is long and random, so one round of SHA-256 is enough for its hash. No token is ever logged.

use crate::app::App;
use crate::problem::{self, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// To evaluate, one by one or many, and to compare.
    Evaluate,
    /// To read programs, rules and schemas.
    Read,
    /// To see how the server does.
    Operate,
}

impl Scope {
    /// The scope as files and headers spell it.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Evaluate => "evaluate",
            Scope::Read => "read",
            Scope::Operate => "operate",
        }
    }
}

/// The tokens of a file.
#[derive(Debug)]
pub struct Tokens(Vec<Token>);

#[derive(Debug)]
struct Token {
    name: Arc<str>,
    hash: [u8; 32],
    scopes: Vec<Scope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tokens: Vec<WrittenToken>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenToken {
    name: String,
    hash: String,
    scopes: Vec<Scope>,
}

/// Who sent a request, for the log.
#[derive(Clone, Debug)]
pub struct Caller(pub Arc<str>);

impl Tokens {
    /// The tokens of one file.
    ///
    /// # Errors
    /// When it is no such file; the message shows no part of it.
    pub fn read(files: &[Vec<u8>]) -> Result<Self, String> {
        let text = std::str::from_utf8(files.first().map_or(&[], Vec::as_slice)).map_err(|_| "not UTF-8")?;
        // The parser's own message may show a line of the file.
        let written: Written = toml::from_str(text).map_err(|cause| {
            let line = cause.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("line {line} is no token with `name`, `hash` and `scopes`")
        })?;
        let tokens: Result<Vec<Token>, String> = written.tokens.into_iter().map(Token::of).collect();
        let tokens = tokens?;
        if tokens.is_empty() { Err("there is no token".to_owned()) } else { Ok(Self(tokens)) }
    }

    /// The one that `token` is; every hash is looked at, so that the time tells nothing.
    fn find(&self, token: &str) -> Option<&Token> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let mut found = None;
        for known in &self.0 {
            if bool::from(known.hash.ct_eq(&hash)) {
                found = Some(known);
            }
        }
        found
    }
}

impl Token {
    fn of(written: WrittenToken) -> Result<Self, String> {
        let WrittenToken { name, hash, scopes } = written;
        let bytes = hash.strip_prefix("sha256:").and_then(bytes);
        let hash = bytes.ok_or_else(|| format!("the hash of `{name}` is not `sha256:` and 64 hexadecimal digits"))?;
        if scopes.is_empty() {
            return Err(format!("`{name}` has no scope"));
        }
        Ok(Self { name: name.into(), hash, scopes })
    }
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(bytes)
}

/// Lets through who may do what `scope` says.
pub async fn guard(State((app, scope)): State<(Arc<App>, Scope)>, mut request: Request, next: Next) -> Response {
    let Some(tokens) = &app.tokens else { return next.run(request).await };
    match allowed(&tokens.now(), request.headers(), scope) {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

fn allowed(tokens: &Tokens, headers: &HeaderMap, scope: Scope) -> Result<Caller, Problem> {
    let challenge = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("Bearer"));
    let refused = |detail: &str, text: &str| {
        Problem::new(&problem::NO_TOKEN, detail)
            .help("send `Authorization: Bearer TOKEN`")
            .header(header::WWW_AUTHENTICATE, challenge(text))
    };
    let Some(given) = headers.get(header::AUTHORIZATION) else {
        return Err(refused("the request has no token", "Bearer realm=\"tierline\""));
    };
    let token = given.to_str().ok().and_then(|given| given.split_once(' '));
    let token = token.filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let Some(token) = token else {
        return Err(refused("the request's authorization is no bearer token", "Bearer realm=\"tierline\""));
    };
    let Some(known) = tokens.find(token) else {
        return Err(refused("the token is not known", "Bearer realm=\"tierline\", error=\"invalid_token\""));
    };
    if known.scopes.contains(&scope) {
        return Ok(Caller(Arc::clone(&known.name)));
    }
    let name = scope.name();
    let text = format!("Bearer realm=\"tierline\", error=\"insufficient_scope\", scope=\"{name}\"");
    Err(Problem::new(&problem::OUT_OF_SCOPE, format!("the token `{}` has not the scope `{name}`", known.name))
        .header(header::WWW_AUTHENTICATE, challenge(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn tokens(text: &str) -> Result<Tokens, String> {
        Tokens::read(&[text.as_bytes().to_vec()])
    }

    fn one(hash: &str, scopes: &str) -> String {
        format!("[[tokens]]\nname = \"portal\"\nhash = \"{hash}\"\nscopes = [{scopes}]\n")
    }

    fn asked(authorization: Option<&str>, scope: Scope) -> Result<String, (u16, String)> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).expect("a header"));
        }
        let tokens = tokens(&one(ABC, "\"read\"")).expect("tokens");
        let told = |problem: Problem| (problem.status, problem.detail);
        allowed(&tokens, &headers, scope).map(|caller| caller.0.to_string()).map_err(told)
    }

    #[test]
    fn a_token_is_known_by_its_hash_and_used_within_its_scopes() {
        assert_eq!(asked(Some("Bearer abc"), Scope::Read), Ok("portal".to_owned()));
        assert_eq!(asked(Some("bearer abc"), Scope::Read), Ok("portal".to_owned()));
        let scope = "the token `portal` has not the scope `evaluate`".to_owned();
        assert_eq!(asked(Some("Bearer abc"), Scope::Evaluate), Err((403, scope)));
        assert_eq!(asked(None, Scope::Read), Err((401, "the request has no token".to_owned())));
        assert_eq!(asked(Some("Bearer abd"), Scope::Read), Err((401, "the token is not known".to_owned())));
        let other = "the request's authorization is no bearer token".to_owned();
        assert_eq!(asked(Some("Basic abc"), Scope::Read), Err((401, other)));
    }

    #[test]
    fn a_file_that_is_none_is_told_without_its_text() {
        let error = |text: &str| tokens(text).expect_err("an error");
        assert_eq!(error("[[tokens]]\nsecret = 1\n"), "line 2 is no token with `name`, `hash` and `scopes`");
        assert_eq!(error("tokens = []"), "there is no token");
        assert_eq!(error(&one(ABC, "")), "`portal` has no scope");
        assert_eq!(error(&one("abc", "\"read\"")), "the hash of `portal` is not `sha256:` and 64 hexadecimal digits");
        assert!(tokens(&one(ABC, "\"read\", \"evaluate\", \"operate\"")).is_ok());
    }
}
