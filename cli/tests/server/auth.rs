//! Who is let in: tokens with scopes, TLS with certificates that change, an address that is not public.

use crate::rules::{ASKED, EVALUATE, PROGRAM, place, rules, serve};
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::TcpStream;
use std::sync::Arc;
use tierline_tests::http::{Client, Response};
use tierline_tests::server::{Place, Server, until};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};

fn token(name: &str, secret: &str, scopes: &str) -> String {
    let hash: String = Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("[[tokens]]\nname = \"{name}\"\nhash = \"sha256:{hash}\"\nscopes = [{scopes}]\n")
}

fn guarded() -> (Place, Server) {
    let place = place();
    let tokens = token("portal", "secret-of-the-portal", "\"evaluate\", \"read\"")
        + token("operator", "secret-of-the-operator", "\"operate\"").as_str();
    let tokens = place.write("tokens.toml", &tokens).display().to_string();
    let server = serve(&place, &["--tokens", &tokens, "--log", "debug"]);
    (place, server)
}

fn asked(server: &Server, secret: Option<&str>, method: &str, path: &str) -> Response {
    let mut client = server.client();
    client.headers.extend(secret.map(|secret| ("authorization".to_owned(), format!("Bearer {secret}"))));
    let body = if method == "POST" { ASKED } else { "" };
    client.ask(method, path, &[("content-type", "application/json")], body.as_bytes()).expect("an answer")
}

#[test]
fn every_route_wants_its_scope() {
    let (_place, server) = guarded();
    let (portal, operator) = (Some("secret-of-the-portal"), Some("secret-of-the-operator"));
    for (method, path, of_portal, of_operator) in [
        ("POST", EVALUATE, 200, 403),
        ("POST", "/v1/programs/acme/evaluate/batch?as_of=2025-06-01", 415, 403),
        ("POST", "/v1/programs/acme/compare", 422, 403),
        ("GET", "/v1/programs", 200, 403),
        ("GET", "/v1/programs/acme", 200, 403),
        ("GET", "/v1/programs/acme/versions/2025", 200, 403),
        ("GET", "/v1/programs/acme/versions/2025/rules/sold", 200, 403),
        ("GET", "/v1/programs/acme/versions/2025/facts-schema", 200, 403),
        ("GET", "/openapi.json", 200, 403),
        ("GET", "/v1/status", 403, 200),
        ("GET", "/metrics", 403, 200),
    ] {
        let statuses =
            [None, Some("secret"), portal, operator].map(|secret| asked(&server, secret, method, path).status);
        assert_eq!(statuses, [401, 401, of_portal, of_operator], "{method} {path}");
    }
    for path in ["/livez", "/readyz", "/docs"] {
        assert_eq!(asked(&server, None, "GET", path).status, 200, "{path}");
    }
}

#[test]
fn who_is_not_let_in_learns_why() {
    let (_place, server) = guarded();
    let none = asked(&server, None, "GET", "/v1/programs");
    assert_eq!(none.header("www-authenticate"), Some("Bearer realm=\"tierline\""));
    assert_eq!(
        (&none.json()["type"], &none.json()["detail"]),
        (&json!("/docs#problem-no-token"), &json!("the request has no token"))
    );
    let unknown = asked(&server, Some("secret"), "GET", "/v1/programs");
    assert_eq!(unknown.header("www-authenticate"), Some("Bearer realm=\"tierline\", error=\"invalid_token\""));
    let scope = asked(&server, Some("secret-of-the-portal"), "GET", "/v1/status");
    let told = "Bearer realm=\"tierline\", error=\"insufficient_scope\", scope=\"operate\"";
    assert_eq!(scope.header("www-authenticate"), Some(told));
    assert_eq!(scope.json()["detail"], "the token `portal` has not the scope `operate`");
}

#[test]
fn tokens_that_change_are_taken_up_and_none_is_logged() {
    let (place, server) = guarded();
    assert_eq!(asked(&server, Some("another-secret"), "GET", "/v1/programs").status, 401);
    place.write("tokens.toml", &token("portal", "another-secret", "\"read\""));
    server.signal("HUP");
    until("the new token", || asked(&server, Some("another-secret"), "GET", "/v1/programs").status == 200);
    assert_eq!(asked(&server, Some("secret-of-the-portal"), "GET", "/v1/programs").status, 401);
    place.write("tokens.toml", "another-secret = nonsense");
    server.signal("HUP");
    let of_no_use = |entry: &serde_json::Value| {
        entry["message"].as_str().is_some_and(|message| message.starts_with("changed files are of no use"))
    };
    until("the refusal", || server.log().iter().any(of_no_use));
    assert_eq!(asked(&server, Some("another-secret"), "GET", "/v1/programs").status, 200);
    let refused = |count: &str| {
        let metrics = asked(&server, Some("secret-of-the-operator"), "GET", "/metrics").text();
        metrics.lines().any(|line| line == format!("tierline_refused_files {count}"))
    };
    place.write("tokens.toml", &token("operator", "secret-of-the-operator", "\"operate\""));
    server.signal("HUP");
    until("the metrics", || refused("0"));
    std::fs::remove_file(place.path("tokens.toml")).expect("removed");
    until("the missing file", || refused("1"));
    let log: String = server.log().iter().map(ToString::to_string).collect();
    assert!(log.contains("\"caller\":\"portal\""), "{log}");
    for secret in ["another-secret", "secret-of-the-portal", "secret-of-the-operator", "Bearer"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn tokens_that_cannot_be_read_end_the_start() {
    let place = place();
    let tokens = place.write("tokens.toml", "[[tokens]]\nname = \"x\"\n").display().to_string();
    let told = Server::try_start(PROGRAM, &rules(&place), &["--tokens", &tokens]).expect_err("no start");
    assert!(told.contains("the tokens cannot be used") && told.contains("line 1 is no token"), "{told}");
}

/// A certificate of its own, written down; the certificate itself.
fn certify(place: &Place) -> CertificateDer<'static> {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = params.self_signed(&key).expect("a certificate");
    place.write("key.pem", &key.serialize_pem());
    place.write("cert.pem", &certificate.pem());
    certificate.der().clone()
}

/// What one gets over TLS who trusts this certificate alone.
fn over_tls(server: &Server, trusted: &CertificateDer<'static>) -> Option<u16> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = builder.with_safe_default_protocol_versions().expect("versions").with_root_certificates(roots);
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config.with_no_client_auth()), name).expect("a connection");
    let stream = StreamOwned::new(connection, TcpStream::connect(server.address).expect("a stream"));
    Client::over(stream).post(EVALUATE, ASKED.as_bytes()).ok().map(|response| response.status)
}

#[test]
fn a_certificate_that_changes_is_taken_up() {
    let place = place();
    let first = certify(&place);
    let path = |name: &str| place.path(name).display().to_string();
    let server = serve(&place, &["--tls-certificate", &path("cert.pem"), "--tls-key", &path("key.pem")]);
    assert_eq!(over_tls(&server, &first), Some(200));
    let second = certify(&place);
    assert_ne!(first, second);
    server.signal("HUP");
    until("the new certificate", || over_tls(&server, &second) == Some(200));
    assert_eq!(over_tls(&server, &first), None);
    place.write("key.pem", "nonsense");
    server.signal("HUP");
    until("the refusal", || {
        server.log().iter().any(|entry| entry["cause"].as_str().is_some_and(|cause| cause == "the key is not PEM"))
    });
    assert_eq!(over_tls(&server, &second), Some(200));
}
