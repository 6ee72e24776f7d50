//! stub
use axum::response::Response;
/// c
#[derive(Debug, Default)]
pub struct Cached;
/// a
pub async fn answer() -> Response {
    Response::default()
}
