//! TLS on the port that also speaks http. A TLS handshake begins with a byte that begins no http request, so the accept
//! loop can tell them apart.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, crypto};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// First byte of a handshake (RFC 8446 section 5.1); no http method begins with it.
pub const HANDSHAKE: u8 = 0x16;

/// How the two ends of a connection speak, as every request of it can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    /// In the clear, and this server knows nothing else.
    #[default]
    Plain,
    /// In the clear, although this server has a certificate.
    PlainBesideTls,
    /// Encrypted, with a certificate that this program made.
    Made,
    /// Encrypted, with a certificate that somebody brought along.
    Given,
}

impl Line {
    /// The line a request came by.
    pub fn of(parts: &Parts) -> Line {
        parts.extensions.get().copied().unwrap_or_default()
    }

    pub fn is_encrypted(self) -> bool {
        matches!(self, Line::Made | Line::Given)
    }
}

impl<S: Sync> FromRequestParts<S> for Line {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Line, Infallible> {
        Ok(Line::of(parts))
    }
}

/// What is needed to speak TLS. Clones share the certificate, which can be exchanged while the server runs.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    shown: Arc<Shown>,
    line: Line,
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// TLS 1.2 and 1.3. `line` is what its connections are.
    pub fn new(certified: Arc<CertifiedKey>, line: Line) -> Tls {
        let shown = Arc::new(Shown(RwLock::new(certified)));
        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions that are compiled in")
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Tls { config: Arc::new(config), shown, line }
    }

    /// New connections get this certificate; those that are open keep theirs.
    pub fn exchange(&self, certified: Arc<CertifiedKey>) {
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = certified;
    }

    /// What an encrypted connection of this server is.
    pub fn line(&self) -> Line {
        self.line
    }

    /// The handshake. It takes as long as the other end wants: the caller sets the time.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.config.clone()).accept(stream).await
    }
}
