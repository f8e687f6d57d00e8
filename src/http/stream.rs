//! A response body fed by blocking code: `impl Write` on one side, chunks on the other.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

/// A reader that takes nothing for so long is given up, so that its database connection is free again.
const STALLED: Duration = Duration::from_secs(30);
const CHUNK: usize = 64 * 1024;

/// Runs `produce` on a blocking thread and streams what it writes. A failure half-way breaks the connection, so that
/// a cut file cannot look complete.
pub fn body<F>(produce: F) -> Body
where
    F: FnOnce(&mut dyn Write) -> anyhow::Result<()> + Send + 'static,
{
    let (chunks, receiver) = mpsc::channel(4);
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let failures = chunks.clone();
        let mut out = BufWriter::with_capacity(CHUNK, Pipe { chunks, runtime: runtime.clone() });
        if let Err(error) = produce(&mut out).and_then(|()| Ok(out.flush()?)) {
            tracing::warn!("a streamed answer was cut: {error}");
            let cut = io::Error::other("the answer could not be completed");
            let _ = runtime.block_on(failures.send_timeout(Err(cut), STALLED));
        }
    });
    let chunks =
        stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|chunk| (chunk, receiver)) });
    // The compression layer asks again after the end.
    Body::from_stream(chunks.fuse())
}

struct Pipe {
    chunks: mpsc::Sender<io::Result<Bytes>>,
    runtime: tokio::runtime::Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let send = self.chunks.send_timeout(Ok(Bytes::copy_from_slice(bytes)), STALLED);
        self.runtime.block_on(send).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
