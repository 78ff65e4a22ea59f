//! Keeps what Vapi's events tell, and lets the context of a call that is over go.
//!
//! No timer runs: what shall go is written with the time that it has left.

use std::time::Duration;

use bytestring::ByteString;

use super::vapi::{EventMeaning, VapiEvent, is_over};
use super::{Context, Life, ObjectEdit, ObjectKey, Scope, StoreError, WriteError};

/// How long the context of a call stays after its end: what comes late finds a call that is over.
pub const GRACE: Duration = Duration::from_secs(60);

/// Nothing is to be written.
struct Unchanged;

impl Context {
    /// Keeps what an event tells of its call, for `ttl` from now. With the end of the call what
    /// users put of it goes too, after `grace`.
    pub async fn record(
        &self,
        event: &VapiEvent,
        ttl: Duration,
        grace: Duration,
    ) -> Result<EventMeaning, StoreError> {
        let Some(call) = event.call() else {
            return Ok(EventMeaning::Other);
        };
        let mut meaning = EventMeaning::Other;
        let mut fold = |old: Option<&ByteString>| {
            let (new, meant) = event.fold(old).ok_or(Unchanged)?;
            meaning = meant;
            Ok(Some(new))
        };
        let life = Life::For(if event.is_end() { grace } else { ttl });
        let key = ObjectKey::new(Scope::Vapi, call);
        if !is_written(self.update(&key, life, &mut fold).await)? {
            return Ok(EventMeaning::Other);
        }
        if meaning == EventMeaning::Ended {
            self.let_go(&ObjectKey::new(Scope::Call, call), grace)
                .await?;
        }
        Ok(meaning)
    }

    /// Changes what users put, as [`Context::update`] does. What they put for a call that is over
    /// stays for `grace` at most.
    pub async fn put<E>(
        &self,
        key: &ObjectKey,
        life: Life,
        grace: Duration,
        change: ObjectEdit<'_, E>,
    ) -> Result<Option<ByteString>, WriteError<E>> {
        let new = self.update(key, life, change).await?;
        // Looked up after the write: an end that comes later finds what was written.
        if key.scope == Scope::Call && new.is_some() {
            let told = self
                .get(&ObjectKey::new(Scope::Vapi, key.id.as_str()))
                .await?;
            if told.as_ref().is_some_and(is_over) {
                self.let_go(key, grace).await?;
            }
        }
        Ok(new)
    }

    /// Lets an object stay for `grace` from now.
    async fn let_go(&self, key: &ObjectKey, grace: Duration) -> Result<(), StoreError> {
        let mut same = |old: Option<&ByteString>| match old {
            Some(old) => Ok(Some(old.clone())),
            None => Err(Unchanged),
        };
        is_written(self.update(key, Life::For(grace), &mut same).await).map(|_| ())
    }
}

fn is_written(
    result: Result<Option<ByteString>, WriteError<Unchanged>>,
) -> Result<bool, StoreError> {
    match result {
        Ok(_) => Ok(true),
        Err(WriteError::Refused(Unchanged)) => Ok(false),
        Err(WriteError::Store(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::now;
    use super::super::{Keeps, Memory};
    use super::*;

    const SHORT: Duration = Duration::from_millis(1500);
    const LONG: Duration = Duration::from_secs(3600);

    fn context() -> Context {
        Context::new(Box::new(Memory::new(1 << 20)))
    }

    fn event(call: &str, message: &str) -> VapiEvent {
        let body = format!("{{\"message\":{{\"call\":{{\"id\":\"{call}\"}},{message}}}}}");
        VapiEvent::read(&body.into(), Keeps::default()).expect("an event")
    }

    fn begin(call: &str) -> VapiEvent {
        event(call, r#""type":"status-update","status":"in-progress""#)
    }

    fn end(call: &str) -> VapiEvent {
        event(call, r#""type":"end-of-call-report","endedReason":"x""#)
    }

    async fn texts(context: &Context, call: &str) -> [Option<ByteString>; 2] {
        let vapi = context.get(&ObjectKey::new(Scope::Vapi, call)).await;
        let users = context.get(&ObjectKey::new(Scope::Call, call)).await;
        [vapi.expect("it reads"), users.expect("it reads")]
    }

    #[test]
    fn s11_a_calls_context_goes_a_grace_after_its_end() {
        now(async {
            let context = context();
            let mut put = |_: Option<&ByteString>| Ok::<_, ()>(Some("{\"a\":1}".into()));
            for call in ["c", "other"] {
                let key = ObjectKey::new(Scope::Call, call);
                let written = context.update(&key, Life::Forever, &mut put).await;
                assert!(written.is_ok());
                let began = context.record(&begin(call), LONG, SHORT).await;
                assert_eq!(began, Ok(EventMeaning::Began));
            }
            let ended = context.record(&end("c"), LONG, SHORT).await;
            assert_eq!(ended, Ok(EventMeaning::Ended));
            let [vapi, users] = texts(&context, "c").await;
            let expected = r#"{"status":"ended","endedReason":"x"}"#;
            assert_eq!(vapi.as_deref(), Some(expected));
            assert!(users.is_some(), "the grace is not over");
            // What comes late or twice neither revives the call nor lengthens the grace.
            for late in [begin("c"), end("c"), begin("c")] {
                let meant = context.record(&late, LONG, LONG).await;
                assert_eq!(meant, Ok(EventMeaning::Other));
            }
            tokio::time::sleep(SHORT + SHORT / 3).await;
            assert_eq!(texts(&context, "c").await, [None, None]);
            let [vapi, users] = texts(&context, "other").await;
            assert!(vapi.is_some() && users.is_some());
        });
    }

    #[test]
    fn s11_a_late_write_does_not_bring_a_call_back() {
        now(async {
            let context = context();
            let mut put = |_: Option<&ByteString>| Ok::<_, ()>(Some("{\"a\":1}".into()));
            for call in ["c", "other"] {
                let began = context.record(&begin(call), LONG, SHORT).await;
                assert_eq!(began, Ok(EventMeaning::Began));
            }
            let ended = context.record(&end("c"), LONG, LONG).await;
            assert_eq!(ended, Ok(EventMeaning::Ended));
            for call in ["c", "other"] {
                let key = ObjectKey::new(Scope::Call, call);
                let life = Life::For(LONG);
                let written = context.put(&key, life, SHORT, &mut put).await;
                assert!(written.is_ok());
                let [_, users] = texts(&context, call).await;
                assert!(users.is_some(), "{call}");
            }
            tokio::time::sleep(SHORT + SHORT / 3).await;
            let [vapi, users] = texts(&context, "c").await;
            assert!(vapi.is_some() && users.is_none());
            let [_, users] = texts(&context, "other").await;
            assert!(users.is_some());
        });
    }

    #[test]
    fn an_event_that_tells_nothing_leaves_nothing() {
        now(async {
            let context = context();
            for message in [
                r#""type":"hang""#,
                r#""type":"tomorrows-event","status":"x""#,
            ] {
                let meant = context.record(&event("c", message), LONG, SHORT).await;
                assert_eq!(meant, Ok(EventMeaning::Other));
            }
            let nameless = r#"{"message":{"type":"status-update","status":"in-progress"}}"#;
            let nameless = VapiEvent::read(&nameless.into(), Keeps::default()).expect("an event");
            let meant = context.record(&nameless, LONG, SHORT).await;
            assert_eq!(meant, Ok(EventMeaning::Other));
            assert_eq!(texts(&context, "c").await, [None, None]);
        });
    }

    #[test]
    fn r37_the_events_of_many_calls_stay_within_the_store() {
        now(async {
            let context = Context::new(Box::new(Memory::new(256 << 10)));
            for number in 0..10_000 {
                let call = format!("call-{number}");
                let began = context.record(&begin(&call), LONG, SHORT).await;
                assert_eq!(began, Ok(EventMeaning::Began));
            }
            assert!(context.dropped() > 5000, "{}", context.dropped());
            let [newest, _] = texts(&context, "call-9999").await;
            assert!(newest.is_some());
        });
    }
}
