//! What lies around every route, tried with routes of its own.

use super::*;
use crate::config::{Given, resolve};
use crate::rules::{Reading, Reloader};
use axum::body::Body;
use axum::extract::Request;
use http_body_util::BodyExt;
use std::time::Duration;
use tierline_engine::load::Folder;
use tower::ServiceExt;

const RULES: &str = "[rulebook]\nprogram = \"acme\"\nversion = \"1\"\nstatus = \"published\"\neffective = {}\n\
                     currency = \"USD\"\ntitle = \"Acme\"\n";

fn app() -> Arc<App> {
    let (config, _) = resolve(&Given::default()).expect("defaults");
    let reading = Reading { rules: Folder::of("rules", [("acme/1.toml", RULES)]), plugins: None };
    let (_, rules) = Reloader::start(&reading, Duration::from_millis(1));
    Arc::new(App::new(config, rules, None, None))
}

async fn status(router: &Router, path: &str) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn fails() -> Problem {
    panic!("a mistake of the server's")
}

#[tokio::test]
async fn a_panic_is_the_end_of_one_request_alone() {
    let app = app();
    let routes = Router::new().route("/fails", get(fails)).route("/livez", get(health::live));
    let router = around(routes, &app).with_state(Arc::clone(&app));
    let (code, body) = status(&router, "/fails").await;
    assert_eq!(code, 500);
    assert!(body.contains("\"type\":\"/docs#problem-internal\""), "{body}");
    assert!(!body.contains("mistake"), "{body}");
    assert_eq!(status(&router, "/livez").await, (200, "alive\n".to_owned()));
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready() {
    let app = app();
    let router = router(&app);
    assert_eq!(status(&router, "/readyz").await.0, 200);
    app.stop();
    let (code, body) = status(&router, "/readyz").await;
    assert_eq!(code, 503);
    assert!(body.contains("the server is about to stop"), "{body}");
}

#[tokio::test]
async fn every_route_is_described() {
    let app = app();
    let router = router(&app);
    let (_, body) = status(&router, "/openapi.json").await;
    let document: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let described: Vec<&str> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    // The two files of the page belong to it.
    let source = include_str!("../routes.rs");
    let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let routes: Vec<&str> = routes.filter(|path| !path.starts_with("/docs/")).collect();
    assert_eq!(routes.len(), 14);
    for route in routes {
        let concrete = route.replace("{program}", "acme");
        assert!(described.contains(&route) || described.contains(&concrete.as_str()), "{route} in {described:?}");
    }
}
