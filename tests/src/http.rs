//! A small HTTP/1.1 client for tests and measurements: it sends what it is told, right or wrong, over one
//! connection, and reads what comes back to the byte.

use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
#[derive(Debug)]
pub struct Client<S = TcpStream> {
    stream: BufReader<S>,
    /// What goes with every request, such as a token.
    pub headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self::over(stream))
    }

    /// A second hand on the same connection, to write while the first one reads.
    ///
    /// # Errors
    /// When the system does not give one.
    pub fn writer(&self) -> io::Result<TcpStream> {
        self.stream.get_ref().try_clone()
    }
}

impl<S: Read + Write> Client<S> {
    /// Speaks over this stream.
    pub fn over(stream: S) -> Self {
        Self { stream: BufReader::with_capacity(64 << 10, stream), headers: Vec::new() }
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the other side takes no more.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)?;
        self.stream.get_mut().flush()
    }

    /// Asks, and reads the answer.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Response> {
        let head = self.head(method, path, headers, Some(body.len()));
        // In one piece, as a good client does.
        let mut whole = head.into_bytes();
        whole.extend_from_slice(body);
        self.send(&whole)?;
        self.read(method == "HEAD")
    }

    /// The head of a request.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)], length: Option<usize>) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.iter().copied().chain(own) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(length) = length.filter(|length| *length > 0 || method != "GET") {
            head.push_str(&format!("content-length: {length}\r\n"));
        }
        head.push_str("\r\n");
        head
    }

    /// `GET`.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub fn get(&mut self, path: &str) -> io::Result<Response> {
        self.ask("GET", path, &[], b"")
    }

    /// `POST` of JSON.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub fn post(&mut self, path: &str, body: &[u8]) -> io::Result<Response> {
        self.ask("POST", path, &[("content-type", "application/json")], body)
    }

    /// Reads one answer; `empty` when its head is all there is.
    ///
    /// # Errors
    /// When the connection breaks off, or it is no HTTP.
    pub fn read(&mut self, empty: bool) -> io::Result<Response> {
        let mut response = self.read_head()?;
        if empty || response.status == 304 || response.status == 204 {
            return Ok(response);
        }
        if response.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.read_chunk()? {
                response.body.extend(chunk);
            }
        } else if let Some(length) = response.header("content-length") {
            let length = length.parse().map_err(io::Error::other)?;
            response.body = vec![0; length];
            self.stream.read_exact(&mut response.body)?;
        } else {
            self.stream.read_to_end(&mut response.body)?;
        }
        Ok(response)
    }

    /// Reads the head of an answer.
    ///
    /// # Errors
    /// When the connection breaks off, or it is no HTTP.
    pub fn read_head(&mut self) -> io::Result<Response> {
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: `{line}`")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        Ok(Response { status, headers, body: Vec::new() })
    }

    /// Reads one piece of a body that comes in pieces; none at its end.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub fn read_chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let length = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; length];
        self.stream.read_exact(&mut chunk)?;
        self.line()?;
        Ok((length > 0).then_some(chunk))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
