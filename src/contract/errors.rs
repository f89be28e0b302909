//! Every documented error id, with the answer that carries it.

/// The type of an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// `urn:inin.com:common:error`: message and errorId.
    Plain,
    /// `urn:inin.com:configuration:configurationError`: with validation or
    /// license errors.
    Configuration,
}

/// One documented error id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorId {
    /// The id on the wire.
    pub id: &'static str,
    /// The status that carries it.
    pub status: u16,
    /// The type of the body that carries it.
    pub error_type: ErrorType,
    /// The lowest version of the feature `configuration` whose servers send it.
    pub since: u32,
}

/// 400: the representation was malformed.
pub const MALFORMED: &str = "error.request.invalidRepresentation.malformed";
/// 400: the request has license or validation errors.
pub const CONFIGURATION_UPDATE: &str = "error.request.configuration.update";
/// 500: an unexpected internal error.
pub const INTERNAL_SERVER_ERROR: &str = "error.request.internalServerError";
/// 500: the request timed out.
pub const TIMEOUT: &str = "error.request.timeout";
/// 400 of `POST /icws/connection`: the credentials were refused.
pub const AUTHENTICATION_FAILURE: &str = "error.request.connection.authenticationFailure";
/// 503 of `POST /icws/connection`: connect to an alternate host.
pub const NOT_ACCEPTING_CONNECTIONS: &str = "error.server.notAcceptingConnections";
/// 503 of `POST /icws/connection`: connect to an alternate host.
pub const UNAVAILABLE: &str = "error.server.unavailable";

/// The error ids documented for the endpoint under test and for the
/// connection endpoint.
pub const ERROR_IDS: &[ErrorId] = &[
    ErrorId {
        id: MALFORMED,
        status: 400,
        error_type: ErrorType::Plain,
        since: 0,
    },
    ErrorId {
        id: CONFIGURATION_UPDATE,
        status: 400,
        error_type: ErrorType::Configuration,
        since: 0,
    },
    ErrorId {
        id: INTERNAL_SERVER_ERROR,
        status: 500,
        error_type: ErrorType::Plain,
        since: 2,
    },
    ErrorId {
        id: TIMEOUT,
        status: 500,
        error_type: ErrorType::Plain,
        since: 2,
    },
    ErrorId {
        id: AUTHENTICATION_FAILURE,
        status: 400,
        error_type: ErrorType::Plain,
        since: 0,
    },
    ErrorId {
        id: NOT_ACCEPTING_CONNECTIONS,
        status: 503,
        error_type: ErrorType::Plain,
        since: 0,
    },
    ErrorId {
        id: UNAVAILABLE,
        status: 503,
        error_type: ErrorType::Plain,
        since: 0,
    },
];

/// The statuses that the page documents for the endpoint under test (ERR-10).
pub const DOCUMENTED_STATUSES: &[u16] = &[200, 400, 401, 403, 404, 410, 500];

/// The documented statuses whose body is an error (ERR-1).
pub const ERROR_STATUSES: &[u16] = &[400, 401, 403, 404, 410, 500];
