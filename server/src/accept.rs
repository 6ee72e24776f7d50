//! Connections: taken in up to a number, served with time limits, let go when the server stops.

use crate::app::App;
use crate::head;
use axum::Router;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// The most bytes of a request's head that is a request at all; what is told of one that is shorter and still
/// too long, is told by [`crate::head`].
const LONGEST_HEAD: usize = 2 * head::LONGEST;
/// The most headers of such a request.
const MOST_HEADERS: usize = 2 * head::MOST;
/// How long to wait when the system has no more connections to give.
const PAUSE: Duration = Duration::from_millis(50);

/// What one is told who comes when there are too many connections.
const TURNED_AWAY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n\
retry-after: 1\r\nconnection: close\r\ncontent-length: 162\r\n\r\n\
{\"type\":\"/docs#problem-too-busy\",\"title\":\"The server has as much to do as it may have\",\"status\":503,\
\"detail\":\"as many connections are open as may be: come again\"}";

/// What a server accepts connections with.
pub struct Door {
    /// Where connections come from.
    pub listener: TcpListener,
    /// TLS, where there is any.
    pub tls: Option<TlsAcceptor>,
    /// What answers requests.
    pub router: Router,
    /// What all requests share.
    pub app: Arc<App>,
}

impl Door {
    /// Serves until `stop` says so, then lets requests that have begun come to their end.
    ///
    /// Gives whether all of them did within the time that they have.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) -> bool {
        let app = Arc::clone(&self.app);
        let open = Arc::new(Semaphore::new(app.config.connections.min(Semaphore::MAX_PERMITS)));
        let graceful = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(cause) => {
                    tracing::warn!(%cause, "a connection cannot be accepted");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            match Arc::clone(&open).try_acquire_owned() {
                Ok(permit) => self.open(stream, permit, graceful.watcher()),
                Err(_) => {
                    app.metrics.turned_away.inc();
                    turn_away(stream, self.tls.is_some());
                }
            }
        }
        drop(self.listener);
        timeout(app.config.drain, graceful.shutdown()).await.is_ok()
    }

    fn open(&self, stream: TcpStream, permit: OwnedSemaphorePermit, watcher: Watcher) {
        let (app, router, tls) = (Arc::clone(&self.app), self.router.clone(), self.tls.clone());
        tokio::spawn(async move {
            app.metrics.connections.inc();
            // Answers are small, and whoever waits for one waits for all of it.
            let _ = stream.set_nodelay(true);
            match tls {
                None => converse(&app, router, stream, watcher).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(app.config.header_timeout, tls.accept(stream)).await {
                        converse(&app, router, stream, watcher).await;
                    }
                }
            }
            app.metrics.connections.dec();
            drop(permit);
        });
    }
}

/// Answers request after request of one connection.
async fn converse<S>(app: &App, router: Router, stream: S, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(app.config.header_timeout)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(cause) = watcher.watch(connection).await {
        tracing::debug!(%cause, "a connection broke off");
    }
}

/// Tells in plain HTTP that there are too many; in TLS there is nothing to tell it with.
fn turn_away(mut stream: TcpStream, tls: bool) {
    if tls {
        return;
    }
    // What does not fit into the socket at once is not worth waiting for.
    tokio::spawn(async move { timeout(PAUSE, stream.write_all(TURNED_AWAY)).await.map(|_: io::Result<()>| ()) });
}
