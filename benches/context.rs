//! What stored context and a cached fetch cost a turn: reading them, and one text made of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::System;
use aside::chat::ChatRequest;
use aside::context::{Context, EVERYBODY, File, Ids, Life, Memory, ObjectKey, Redis, Scope, Store};
use aside::fetch::fetcher::Fetcher;
use aside::files::Source;
use aside::lang::facts::Facts;
use aside::net::host::Host;
use aside::net::http::HttpClient;
use aside::ruleset::{Passage, Ruleset, TurnInput};
use bytes::Bytes;
use bytestring::ByteString;
use criterion::{Criterion, criterion_group, criterion_main};

const CALL: &str = "0196b7a4-0000-7000-8000-000000000001";
const CUSTOMER: &str = "+14155550123";
const ASSISTANT: &str = "0196b7a4-0000-7000-8000-000000000002";
const BODY: &[u8] =
    br#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}"#;

/// An object of about 1 KB.
fn object() -> ByteString {
    let orders: Vec<_> = (0..10)
        .map(|id| serde_json::json!({"id": id, "status": "shipped", "note": "Left with the neighbour at the door, as agreed."}))
        .collect();
    serde_json::json!({"note": "Prefers mornings.", "orders": orders})
        .to_string()
        .into()
}

/// Answers every request with an object, for as long as the process lives.
fn source() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]).expect("a request");
            let body = object();
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
            .expect("it is heard");
        }
    });
    address
}

fn rules(source: SocketAddr) -> Ruleset {
    let text = format!(
        "about = \"b\"\n[then.inject]\ntext = \"\"\"<known>Note: {{{{ context.call.note }}}} \
         Of the customer: {{{{ context.customer.note }}}} CRM: {{{{ fetch.crm.note }}}}</known>\"\"\"\n\
         [fetch.crm]\nurl = \"http://{source}/customers/{{{{ customer.number }}}}\"\n\
         within = \"5s\"\nfresh = \"2h\"\n"
    );
    let (ruleset, problems) = Ruleset::read(vec![Source::new("a.toml", text)], &|_| None);
    ruleset.unwrap_or_else(|| panic!("{problems:?}"))
}

/// One turn from reading the store to the text that is injected.
async fn turn(
    context: &Context,
    fetcher: &Fetcher,
    http: &HttpClient,
    ruleset: &Arc<Ruleset>,
) -> Passage {
    let ids = Ids {
        call: Some(CALL),
        customer: Some(CUSTOMER),
        assistant: Some(ASSISTANT),
    };
    let mut facts = Facts::default();
    facts.set_json(
        "customer",
        ByteString::from_static("{\"number\":\"+14155550123\"}"),
    );
    let stored = context.stored(ids).await;
    assert_eq!(stored.note, None);
    facts.set_json("context", stored.json);
    let wanted = ruleset.wanted_fetches(&facts, Some(CALL));
    let fetched = fetcher.gather(http, &wanted, &facts).await;
    let answered = fetched
        .iter()
        .filter_map(|fetched| Some((fetched.name.as_str(), &**fetched.value.as_ref()?)));
    facts.set_json("fetch", ruleset.fetch_facts(answered).into());
    let request = ChatRequest::parse(Bytes::from_static(BODY)).expect("a request");
    let input = TurnInput {
        call: Some(CALL.to_owned()),
        ..TurnInput::new(request, facts)
    };
    let passage = Passage::begin(ruleset, input).out(&mut || Duration::ZERO);
    let passage = passage.expect("the rules work");
    assert_eq!(passage.request.messages().len(), 3, "it is told");
    passage
}

fn with_store(c: &mut Criterion, name: &str, store: Box<dyn Store>) {
    let address = source();
    let ruleset = Arc::new(rules(address));
    let host = Host::try_from(address.to_string()).expect("a host");
    let fetcher = Fetcher::new(vec![host], true);
    let http = HttpClient::new(aside::net::tls::from_environment().expect("roots"));
    let context = Context::new(store);
    let system = System::new();
    system.block_on(async {
        for (scope, id) in [
            (Scope::Call, CALL),
            (Scope::Vapi, CALL),
            (Scope::Customer, CUSTOMER),
            (Scope::Assistant, ASSISTANT),
            (Scope::Global, EVERYBODY),
        ] {
            let mut put = |_: Option<&ByteString>| Ok::<_, ()>(Some(object()));
            let key = ObjectKey::new(scope, id);
            let written = context.update(&key, Life::Forever, &mut put);
            written.await.expect("it is stored");
        }
        turn(&context, &fetcher, &http, &ruleset).await;
    });
    // Many turns under one `block_on`, whose own cost no turn has.
    c.bench_function(
        &format!("turn with 5 stored objects and a cached fetch, {name}"),
        |b| {
            b.iter_custom(|turns| {
                system.block_on(async {
                    let began = std::time::Instant::now();
                    for _ in 0..turns {
                        turn(&context, &fetcher, &http, &ruleset).await;
                    }
                    began.elapsed()
                })
            });
        },
    );
}

fn stores(c: &mut Criterion) {
    with_store(c, "memory", Box::new(Memory::new(1 << 20)));
    let folder = tempfile::tempdir().expect("a folder");
    let file = File::open(folder.path().join("context.redb")).expect("a file");
    with_store(c, "file", Box::new(file));
    let Some(server) = Server::start() else {
        eprintln!("skipped: there is no `redis-server` on the PATH");
        return;
    };
    let redis = Redis::connect(&format!("redis://127.0.0.1:{}", server.port)).expect("an address");
    with_store(c, "redis", Box::new(redis));
}

/// A `redis-server` without anything kept, which ends with this.
struct Server {
    port: u16,
    child: Child,
}

impl Server {
    fn start() -> Option<Server> {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let server = Server { port, child };
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

criterion_group!(benches, stores);
criterion_main!(benches);
