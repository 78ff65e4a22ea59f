//! A plain HTTP/1.1 client that reads while the answer comes, and may hang up at any time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::DEADLINE;

/// One connection to the server.
pub(crate) struct Client {
    stream: TcpStream,
    address: SocketAddr,
    came: Vec<u8>,
}

/// An answer: its head, and its body as far as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers, names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub(crate) fn to(address: SocketAddr) -> Client {
        Client::over(
            TcpStream::connect(address).expect("the server accepts"),
            address,
        )
    }

    /// Connects with room for little that was not read yet, as over a slow line.
    pub(crate) fn narrow(address: SocketAddr) -> Client {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let socket = socket.expect("a socket");
        socket.set_recv_buffer_size(16 << 10).expect("a socket");
        socket.connect(&address.into()).expect("the server accepts");
        Client::over(socket.into(), address)
    }

    fn over(stream: TcpStream, address: SocketAddr) -> Client {
        stream.set_nodelay(true).expect("a socket");
        stream
            .set_read_timeout(Some(DEADLINE))
            .expect("a deadline for reads");
        stream
            .set_write_timeout(Some(DEADLINE))
            .expect("a deadline for writes");
        Client {
            stream,
            address,
            came: Vec::new(),
        }
    }

    /// Posts a body and reads the whole answer.
    pub(crate) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.send("POST", path, headers, body);
        self.answer()
    }

    /// Asks for a path and reads the whole answer.
    pub(crate) fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, b"");
        self.answer()
    }

    /// Sends any request and reads the whole answer.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.send(method, path, headers, body);
        self.answer()
    }

    /// Sends a request and reads nothing. The body goes with POST, PUT and PATCH only.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            head += &format!("host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let has_body = matches!(method, "POST" | "PUT" | "PATCH");
        if has_body {
            head += &format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            );
        }
        head += "\r\n";
        let mut request = head.into_bytes();
        if has_body {
            request.extend_from_slice(body);
        }
        // In one piece: who is refused before the body came can't use the connection again.
        self.write(&request);
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream
            .write_all(bytes)
            .expect("the server takes what is sent");
    }

    /// Reads a whole answer.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        if matches!(answer.status, 204 | 304) {
            // These have no body, whatever they say of its length.
            return answer;
        }
        if let Some(length) = answer.header("content-length") {
            let length: usize = length.parse().expect("a length");
            while self.came.len() < length {
                assert!(self.more(), "the body ends too early");
            }
            answer.body = self.came.drain(..length).collect();
        } else {
            while let Some(chunk) = self.chunk() {
                answer.body.extend(chunk);
            }
        }
        answer
    }

    /// Reads the head of an answer.
    pub(crate) fn head(&mut self) -> Answer {
        let end = loop {
            if let Some(at) = self.came.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            let came = String::from_utf8_lossy(&self.came).into_owned();
            assert!(
                self.more(),
                "the connection ends before an answer: `{came}`"
            );
        };
        let head: Vec<u8> = self.came.drain(..end).collect();
        let head = String::from_utf8(head).expect("a head is text");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        Answer {
            status,
            headers: headers.collect(),
            body: Vec::new(),
        }
    }

    /// Reads the next chunk of a chunked body; none: the body has ended as it should.
    pub(crate) fn chunk(&mut self) -> Option<Vec<u8>> {
        let line = loop {
            if let Some(at) = self.came.windows(2).position(|two| two == b"\r\n") {
                break at;
            }
            assert!(self.more(), "the body ends without its last chunk");
        };
        let size = String::from_utf8_lossy(&self.came[..line]).into_owned();
        let size = usize::from_str_radix(size.trim(), 16).expect("the size of a chunk");
        let (start, end) = (line + 2, line + 2 + size);
        while self.came.len() < end + 2 {
            assert!(self.more(), "a chunk ends too early");
        }
        let chunk = self.came[start..end].to_vec();
        self.came.drain(..end + 2);
        (size > 0).then_some(chunk)
    }

    /// Reads chunks until they hold a text; gives all that came.
    pub(crate) fn read_until(&mut self, text: &str) -> String {
        let mut body = Vec::new();
        loop {
            let chunk = self.chunk().expect("the text comes before the end");
            body.extend(chunk);
            let so_far = String::from_utf8_lossy(&body);
            if so_far.contains(text) {
                return so_far.into_owned();
            }
        }
    }

    /// Reads the rest of a chunked body.
    pub(crate) fn rest(&mut self) -> String {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk() {
            body.extend(chunk);
        }
        String::from_utf8(body).expect("a reply is text")
    }

    /// Reads so many bytes at most, whatever they are; how many came.
    pub(crate) fn read_some(&mut self, most: usize) -> usize {
        let mut piece = vec![0; most];
        self.stream.read(&mut piece).expect("the server goes on")
    }

    /// Whether the server ends the connection in time, whatever it says before.
    pub(crate) fn ends(&mut self) -> bool {
        loop {
            match self.stream.read(&mut [0; 4096]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    }

    /// Whether the server closes the connection without another word.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.came.is_empty() && matches!(self.stream.read(&mut [0]), Ok(0) | Err(_))
    }

    fn more(&mut self) -> bool {
        let mut piece = [0; 16 << 10];
        let length = self
            .stream
            .read(&mut piece)
            .expect("the server says something in time");
        self.came.extend_from_slice(&piece[..length]);
        length > 0
    }
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("an answer is text")
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    /// Checks that this is an error as OpenAI's clients know them; gives its message.
    pub(crate) fn error(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        let json = self.json();
        let error = json["error"].as_object().expect("an `error` object");
        let keys: Vec<_> = error.keys().map(String::as_str).collect();
        assert_eq!(keys, ["message", "type", "code", "param"]);
        assert!(error["type"].is_string() && error["code"].is_string());
        assert!(error["param"].is_null() || error["param"].is_string());
        let message = error["message"].as_str().expect("a message");
        assert!(!message.is_empty());
        message.to_owned()
    }
}
