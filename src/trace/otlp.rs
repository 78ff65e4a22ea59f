//! The messages of OTLP that aside sends and reads, as protobuf: opentelemetry-proto 1.x, the fields
//! that are used.

/// `ExportTraceServiceRequest`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ExportRequest {
    #[prost(message, repeated, tag = "1")]
    pub(super) resources: Vec<ResourceSpans>,
}

/// The spans of one program.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    pub(super) resource: Option<SpanResource>,
    #[prost(message, repeated, tag = "2")]
    pub(super) scopes: Vec<ScopeSpans>,
}

/// What the program is.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanResource {
    #[prost(message, repeated, tag = "1")]
    pub(super) attributes: Vec<SpanAttribute>,
}

/// The spans of one part of it.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    pub(super) scope: Option<SpanScope>,
    #[prost(message, repeated, tag = "2")]
    pub(super) spans: Vec<WireSpan>,
}

/// That part.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanScope {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) version: String,
}

/// One span.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct WireSpan {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) span_id: Vec<u8>,
    #[prost(string, tag = "3")]
    pub(super) trace_state: String,
    #[prost(bytes = "vec", tag = "4")]
    pub(super) parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    pub(super) name: String,
    #[prost(enumeration = "SpanKind", tag = "6")]
    pub(super) kind: i32,
    /// Nanoseconds since 1970.
    #[prost(fixed64, tag = "7")]
    pub(super) start: u64,
    #[prost(fixed64, tag = "8")]
    pub(super) end: u64,
    #[prost(message, repeated, tag = "9")]
    pub(super) attributes: Vec<SpanAttribute>,
    #[prost(message, repeated, tag = "11")]
    pub(super) events: Vec<SpanEvent>,
    #[prost(message, optional, tag = "15")]
    pub(super) status: Option<SpanStatus>,
    #[prost(fixed32, tag = "16")]
    pub(super) flags: u32,
}

/// Whose work a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub(super) enum SpanKind {
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
}

/// What happened within a span.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanEvent {
    #[prost(fixed64, tag = "1")]
    pub(super) time: u64,
    #[prost(string, tag = "2")]
    pub(super) name: String,
}

/// Whether it went well: 0 is not said, 2 is an error.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanStatus {
    #[prost(int32, tag = "3")]
    pub(super) code: i32,
}

/// An attribute.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanAttribute {
    #[prost(string, tag = "1")]
    pub(super) key: String,
    #[prost(message, optional, tag = "2")]
    pub(super) value: Option<SpanValue>,
}

/// Its value.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanValue {
    #[prost(oneof = "ValueKind", tags = "1, 2, 3, 4, 5")]
    pub(super) kind: Option<ValueKind>,
}

/// What a value is.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum ValueKind {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Int(i64),
    #[prost(double, tag = "4")]
    Double(f64),
    #[prost(message, tag = "5")]
    List(ValueList),
}

/// Several values.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueList {
    #[prost(message, repeated, tag = "1")]
    pub(super) values: Vec<SpanValue>,
}

/// `ExportTraceServiceResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ExportResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) partial: Option<PartialSuccess>,
}

/// What was not taken of what was sent.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PartialSuccess {
    #[prost(int64, tag = "1")]
    pub(super) rejected: i64,
}

impl From<&str> for ValueKind {
    fn from(text: &str) -> ValueKind {
        ValueKind::Text(text.to_owned())
    }
}

impl From<String> for ValueKind {
    fn from(text: String) -> ValueKind {
        ValueKind::Text(text)
    }
}

impl From<bool> for ValueKind {
    fn from(is: bool) -> ValueKind {
        ValueKind::Bool(is)
    }
}

impl From<u64> for ValueKind {
    fn from(count: u64) -> ValueKind {
        ValueKind::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<f64> for ValueKind {
    fn from(number: f64) -> ValueKind {
        ValueKind::Double(number)
    }
}

impl From<&[String]> for ValueKind {
    fn from(texts: &[String]) -> ValueKind {
        let value = |text: &String| SpanValue {
            kind: Some(text.as_str().into()),
        };
        ValueKind::List(ValueList {
            values: texts.iter().map(value).collect(),
        })
    }
}

/// An attribute of this name and value.
pub(super) fn attribute(key: &str, value: impl Into<ValueKind>) -> SpanAttribute {
    SpanAttribute {
        key: key.to_owned(),
        value: Some(SpanValue {
            kind: Some(value.into()),
        }),
    }
}
