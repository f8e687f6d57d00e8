//! Closing so that the last answer arrives.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest time for the client to notice that the answer was the last one.
const TIME: Duration = Duration::from_secs(2);
/// Most bytes that are thrown away meanwhile.
const BYTES: usize = 8 * 1024 * 1024;

/// Reads and forgets what the client still sends, until it closes.
///
/// A socket closed with unread bytes in it is reset, and a reset destroys the answer that says why (413 to
/// an upload, 431 to a big head) before the client has read it.
pub(super) async fn until_read(mut stream: TcpStream) {
    let drain = async {
        if stream.shutdown().await.is_err() {
            return;
        }
        let mut scratch = vec![0; 16 * 1024];
        let mut left = BYTES;
        while left > 0 {
            match stream.read(&mut scratch).await {
                Ok(0) | Err(_) => return,
                Ok(read) => left = left.saturating_sub(read),
            }
        }
    };
    let _ = timeout(TIME, drain).await;
}
