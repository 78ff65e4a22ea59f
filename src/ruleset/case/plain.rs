//! JSON that TOML wrote, without the types that only TOML has.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// JSON that TOML wrote: a date or time of TOML's own is the text that it is.
pub(super) trait PlainJson {
    /// Makes it so, within.
    fn make_plain(&mut self);
}

impl PlainJson for Value {
    fn make_plain(&mut self) {
        match self {
            Value::Object(entries) => {
                // What the parser of TOML hands over where there is no type for it.
                let time = entries.get("$__toml_private_datetime");
                if let Some(Value::String(time)) = time {
                    *self = Value::String(time.clone());
                    return;
                }
                entries.values_mut().for_each(PlainJson::make_plain);
            }
            Value::Array(items) => items.iter_mut().for_each(PlainJson::make_plain),
            _ => {}
        }
    }
}

impl<K> PlainJson for BTreeMap<K, Value> {
    fn make_plain(&mut self) {
        self.values_mut().for_each(PlainJson::make_plain);
    }
}

impl PlainJson for Vec<Value> {
    fn make_plain(&mut self) {
        self.iter_mut().for_each(PlainJson::make_plain);
    }
}

/// Reads such JSON.
pub(super) fn plain<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: PlainJson + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let mut value = T::deserialize(deserializer)?;
    value.make_plain();
    Ok(Some(value))
}
