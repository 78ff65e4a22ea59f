//! A cluster of three nodes.

use std::process::Command;

use super::*;

fn start() -> Option<Vec<Server>> {
    let servers: Option<Vec<_>> = (0..3)
        .map(|_| {
            let bus = server::free_port().to_string();
            let options = ["--cluster-enabled", "yes", "--cluster-port", &bus];
            let timeout = ["--cluster-node-timeout", "2000"];
            let options = options.iter().chain(&timeout);
            Server::start_with(&options.map(ToString::to_string).collect::<Vec<_>>())
        })
        .collect();
    let servers = servers?;
    let nodes = servers
        .iter()
        .map(|server| format!("127.0.0.1:{}", server.port));
    let made = Command::new("redis-cli")
        .args(["--cluster", "create"])
        .args(nodes)
        .arg("--cluster-yes")
        .output()
        .expect("`redis-cli`");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stdout)
    );
    let began = Instant::now();
    while !servers
        .iter()
        .all(|server| server.ask(&["CLUSTER", "INFO"]).contains("state:ok"))
    {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "no cluster comes about"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(servers)
}

#[test]
fn r29_a_cluster_keeps_its_promises_and_is_used_again_when_it_is_back() {
    let Some(mut servers) = start() else { return };
    let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:1", servers[0].port);
    let store = Redis::connect(&url).expect("a URL");
    keeps_its_promises(&store);
    let contexts = [store, Redis::connect(&url).expect("a URL")];
    let contexts = contexts.map(|store| Context::new(Box::new(store)));
    counts_right(&[&contexts[0], &contexts[1]], 20);
    let context = &contexts[0];
    now(async {
        let keys: Vec<_> = (0..20).map(|number| key(&number.to_string())).collect();
        for key in &keys {
            put(context, key, "{\"a\":1}").await.expect("a write");
        }
        let reading = context.read_in_turn(&keys).await;
        assert_eq!(
            (reading.objects, reading.note),
            (vec![text("{\"a\":1}"); 20], None)
        );
        let held = servers
            .iter()
            .filter(|server| server.ask(&["DBSIZE"]) != "0");
        assert_eq!(held.count(), 3, "they are on all nodes");

        for server in &mut servers {
            server.kill();
        }
        let (object, note) = turn(context, &keys[0]).await;
        assert_eq!(object, text("{\"a\":1}"), "the last known");
        assert!(note.is_some());
        for server in &mut servers {
            server.revive();
        }
        // The nodes themselves take some seconds to agree.
        is_back(context, &keys[0], Duration::from_secs(20)).await;
    });
}
