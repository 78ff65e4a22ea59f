//! One way to talk to the server, whatever it is: a connection, or a cluster's many.
//!
//! A link may be cloned and used from everywhere at once; an answer that nobody waits for any
//! more is thrown away without disturbing the others.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, Pipeline, RedisError,
    RedisFuture, RedisResult, TlsCertificates, Value,
};

use super::address::Address;

/// The longest that making a connection takes.
pub(super) const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// The longest that anything is waited for: nobody waits longer for the store.
const ANSWER_DEADLINE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub(super) enum Link {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Link {
    pub(super) async fn open(address: &Address) -> RedisResult<Link> {
        if address.is_cluster {
            let mut client = ClusterClientBuilder::new(address.nodes.clone());
            if let Some(certificates) = certificates(address) {
                client = client.certs(certificates);
            }
            let client = client
                .connection_timeout(CONNECT_DEADLINE)
                .response_timeout(ANSWER_DEADLINE)
                .build()?;
            return Ok(Link::Cluster(client.get_async_connection().await?));
        }
        let node = address.nodes.first().cloned();
        let missing = || RedisError::from(std::io::Error::from(std::io::ErrorKind::NotFound));
        let node = node.ok_or_else(missing)?;
        let client = match certificates(address) {
            Some(certificates) => Client::build_with_tls(node, certificates)?,
            None => Client::open(node)?,
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_DEADLINE))
            .set_response_timeout(Some(ANSWER_DEADLINE));
        let connection = client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        Ok(Link::Server(connection))
    }
}

/// Who vouches for the servers; none: they have no TLS, or the roots that are built in are enough.
fn certificates(address: &Address) -> Option<TlsCertificates> {
    let is_tls = |node: &ConnectionInfo| matches!(node.addr(), ConnectionAddr::TcpTls { .. });
    let roots = address.roots.clone();
    let roots = roots.filter(|_| address.nodes.iter().any(is_tls))?;
    Some(TlsCertificates {
        client_tls: None,
        root_cert: Some(roots),
    })
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Link::Server(connection) => connection.req_packed_command(cmd),
            Link::Cluster(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        cmd: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Link::Server(connection) => connection.req_packed_commands(cmd, offset, count),
            Link::Cluster(connection) => connection.req_packed_commands(cmd, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Link::Server(connection) => connection.get_db(),
            Link::Cluster(connection) => connection.get_db(),
        }
    }
}
