//! Requests under way: each once, bounded in number and time, whoever waits for them.
//!
//! A flight runs on the worker that started it. Those who wait may leave; it goes on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytestring::ByteString;
use tokio::sync::watch;

use super::FetchFailure;
use crate::fetch::section::FetchIdentity;

/// The most requests under way.
const MOST: usize = 512;
/// The most of them to one host.
const MOST_OF_A_HOST: usize = 32;

type FetchAnswer = Result<Option<ByteString>, FetchFailure>;

/// All requests under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<FetchIdentity, Flight>>>);

#[derive(Debug)]
struct Flight {
    host: String,
    landed: Landed,
}

/// Where a flight's answer will be.
#[derive(Debug, Clone)]
pub(super) struct Landed(watch::Receiver<Option<FetchAnswer>>);

/// A flight's entry in the list, which it leaves however it ends.
struct FlightEntry {
    flights: Flights,
    identity: FetchIdentity,
}

impl Flights {
    /// The flight of a request, where it is under way.
    pub(super) fn join(&self, identity: &FetchIdentity) -> Option<Landed> {
        Some(self.list().get(identity)?.landed.clone())
    }

    /// Starts a flight, or joins the one that somebody just started.
    pub(super) fn start(
        &self,
        identity: FetchIdentity,
        host: &str,
        work: impl Future<Output = FetchAnswer> + 'static,
    ) -> Result<Landed, FetchFailure> {
        let (answer, landed) = watch::channel(None);
        let landed = Landed(landed);
        {
            let mut flights = self.list();
            if let Some(flight) = flights.get(&identity) {
                return Ok(flight.landed.clone());
            }
            let of_host = flights.values().filter(|flight| flight.host == host);
            if flights.len() >= MOST || of_host.count() >= MOST_OF_A_HOST {
                let why = "was not asked, since too many requests are under way";
                return Err(FetchFailure::not_ill(why));
            }
            let flight = Flight {
                host: host.to_owned(),
                landed: landed.clone(),
            };
            flights.insert(identity, flight);
        }
        let entry = FlightEntry {
            flights: self.clone(),
            identity,
        };
        actix_web::rt::spawn(async move {
            let result = work.await;
            // Whoever comes now finds it kept.
            drop(entry);
            answer.send_replace(Some(result));
        });
        Ok(landed)
    }

    pub(super) fn count(&self) -> usize {
        self.list().len()
    }

    fn list(&self) -> MutexGuard<'_, HashMap<FetchIdentity, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Landed {
    /// Waits for the answer.
    pub(super) async fn answer(mut self) -> FetchAnswer {
        match self.0.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone().unwrap_or(Ok(None)),
            Err(_) => Err(FetchFailure::not_ill("was asked in vain, since aside ends")),
        }
    }
}

impl Drop for FlightEntry {
    fn drop(&mut self) {
        self.flights.list().remove(&self.identity);
    }
}
