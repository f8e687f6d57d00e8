//! Devices that do harm, each again and again at a pace that many of them on one network could keep.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::meet::email;
use super::{Stage, device};

/// Between two attacks of one device.
const PACE: Duration = Duration::from_secs(1);
/// Connections that one device leaves open at a time.
const HELD: usize = 6;
/// What is too large for any JSON body.
const OVERSIZED: usize = 2 * 1024 * 1024;
/// Longer than the server keeps anybody who says nothing.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn attack(stage: Stage, number: usize) {
    stage.rest(PACE.mul_f64((number % 100) as f64 / 100.0)).await;
    let mut turn = 0;
    while !stage.is_over() {
        let mut over = stage.over.clone();
        let how = tokio::select! {
            how = once(&stage, number, turn) => how.unwrap_or_else(|error| format!("cut off: {}", error.kind())),
            _ = over.wait_for(|over| *over) => return,
        };
        stage.figures.attacked(how);
        turn += 1;
        stage.rest(PACE).await;
    }
}

/// Answers how it ended.
async fn once(stage: &Stage, number: usize, turn: usize) -> std::io::Result<String> {
    match number % 4 {
        0 => guess(stage, number, turn).await,
        1 => silence(stage, number, b"", "silent connections").await,
        2 => silence(stage, number, b"GET /events/1 HTTP/1.1\r\nHost: local", "half heads").await,
        _ => oversized(stage, number, turn).await,
    }
}

async fn connect(stage: &Stage, number: usize) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(address) = device(3, number) {
        socket.bind((address, 0).into())?;
    }
    socket.connect(stage.address).await
}

/// The status of an answer, from its first line.
async fn status(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = [0; 12];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut head)).await.map_err(std::io::Error::other)??;
    Ok(String::from_utf8_lossy(&head[9..]).into_owned())
}

/// A password of an account that exists, or of one that does not.
async fn guess(stage: &Stage, number: usize, turn: usize) -> std::io::Result<String> {
    let account =
        if turn.is_multiple_of(2) { email(number % 30) } else { format!("somebody{number}x{turn}@example.org") };
    let body = format!("{{\"email\":\"{account}\",\"password\":\"guess number {turn}\"}}");
    let mut stream = connect(stage, number).await?;
    let request = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    Ok(format!("guesses answered with {}", status(&mut stream).await?))
}

/// Connections that say too little, until the server has closed them all.
async fn silence(stage: &Stage, number: usize, said: &[u8], what: &str) -> std::io::Result<String> {
    let begun = Instant::now();
    let mut held = Vec::with_capacity(HELD);
    for _ in 0..HELD {
        let mut stream = connect(stage, number).await?;
        stream.write_all(said).await?;
        held.push(stream);
    }
    for stream in &mut held {
        let mut byte = [0; 1];
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut byte)).await;
        if read.is_err() {
            return Ok(format!("{what} left open for {} s", begun.elapsed().as_secs()));
        }
    }
    Ok(format!("times {HELD} {what} closed"))
}

async fn oversized(stage: &Stage, number: usize, turn: usize) -> std::io::Result<String> {
    let path = ["/api/auth/login", "/api/results", "/register/none"][turn % 3];
    let mut stream = connect(stage, number).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {OVERSIZED}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let (mut reader, mut writer) = stream.split();
    let mut head = [0; 12];
    // The answer may come before all of it is sent.
    let sending = async {
        let chunk = [b'x'; 16 * 1024];
        for _ in 0..OVERSIZED / chunk.len() {
            if writer.write_all(&chunk).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        read = reader.read_exact(&mut head) => { read?; }
        () = sending => {}
    }
    Ok(format!("oversized bodies to {path} answered with {}", String::from_utf8_lossy(&head[9..])))
}
