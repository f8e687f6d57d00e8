//! A connection that can be asked to end after its running request.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::server::conn::http1::{Parts, UpgradeableConnection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::futures::Notified;

use super::ConnectionService;

/// A connection and the signal to end.
///
/// `hyper_util::server::graceful` does not take connections with upgrades, and polls its signal with each
/// wake of the connection; here the signal is registered once and a flag is read instead.
pub(super) struct Serving<'a, 'b, S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    connection: UpgradeableConnection<TokioIo<S>, ConnectionService>,
    stopped: Pin<&'a mut Notified<'b>>,
    stopping: &'a AtomicBool,
    listening: bool,
    told: bool,
}

impl<'a, 'b, S> Serving<'a, 'b, S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    pub(super) fn new(
        connection: UpgradeableConnection<TokioIo<S>, ConnectionService>,
        stopped: Pin<&'a mut Notified<'b>>,
        stopping: &'a AtomicBool,
    ) -> Serving<'a, 'b, S> {
        Serving { connection, stopped, stopping, listening: false, told: false }
    }

    /// What is left of it, unless it has become something else.
    pub(super) fn into_parts(self) -> Option<Parts<TokioIo<S>, ConnectionService>> {
        self.connection.into_parts()
    }
}

impl<S> Future for &mut Serving<'_, '_, S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Output = hyper::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        let this = &mut **self;
        if !this.listening {
            // A task keeps its waker, so one registration lasts. The flag, set before the signal is sent,
            // is read after it: a signal in between is not lost.
            this.listening = this.stopped.as_mut().poll(cx).is_pending();
        }
        if !this.told && this.stopping.load(Ordering::Relaxed) {
            this.told = true;
            Pin::new(&mut this.connection).graceful_shutdown();
        }
        Pin::new(&mut this.connection).poll(cx)
    }
}
