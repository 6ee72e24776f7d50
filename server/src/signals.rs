//! What the process is told: to read the folders again (SIGHUP), to end (SIGTERM, SIGINT), to end at once
//! (either of them a second time).

use crate::app::App;
use crate::watch::Hints;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::Arc;
use std::thread::Builder;
use tokio::sync::watch::Sender;

/// Starts to listen to signals.
///
/// # Errors
/// When the system does not let it.
pub fn start(app: &Arc<App>, hints: &Hints, stopper: Sender<bool>) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let (app, hints) = (Arc::clone(app), hints.clone());
    let listen = move || {
        for signal in signals.forever() {
            match signal {
                SIGHUP => {
                    tracing::info!("the folders are read again, as asked");
                    hints.read_now();
                }
                _ if app.is_stopping() => {
                    tracing::warn!("ended at once, as asked");
                    std::process::exit(1);
                }
                _ => {
                    tracing::info!("no new connections are taken; what has begun is brought to its end");
                    app.stop();
                    // Nobody listens any more when the server has ended by itself.
                    let _ = stopper.send(true);
                }
            }
        }
    };
    Builder::new().name("signals".into()).spawn(listen).map(|_| ())
}
