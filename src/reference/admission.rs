//! Who is let in: from a request's headers to its session, or to the answer
//! that an unauthenticated request gets.

use axum::http::{HeaderMap, StatusCode, header};

use crate::contract::wire;

use super::answers::{Answer, CHALLENGE, Content, Failure};
use super::server::Server;
use super::sessions::{Caller, Credentials, Denial};
use super::{Fault, Variant, cookies};

impl Server {
    /// Lets a request in by its session, or has the answer to it.
    pub(super) fn admit(
        &self,
        headers: &HeaderMap,
        session: Option<String>,
    ) -> Result<Caller, Answer> {
        self.recognise(headers, session)
            .map_err(|denial| self.denied(denial))
    }

    /// Lets a request in by its session, or says why not.
    pub(super) fn recognise(
        &self,
        headers: &HeaderMap,
        session: Option<String>,
    ) -> Result<Caller, Denial> {
        let mut shown = Credentials {
            session_id: session,
            tokens: tokens(headers),
            cookies: cookies::read(&self.switches, headers),
        };
        self.look_elsewhere(headers, &mut shown);
        self.sessions().admit(&shown)
    }

    /// Faults that take what is missing from where it does not belong.
    fn look_elsewhere(&self, headers: &HeaderMap, shown: &mut Credentials) {
        if self.switches.is_plain() {
            return;
        }
        let has = |fault| self.switches.has(fault);
        let text = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let token_cookie = |(name, _): &&(String, String)| name == wire::CSRF_TOKEN_HEADER;
        if has(Fault::TokenFromCookie)
            && let Some((_, token)) = shown.cookies.iter().find(token_cookie)
        {
            shown.tokens = vec![token.clone()];
        }
        if shown.tokens.is_empty() && has(Fault::TokenFromOtherHeader) {
            shown.tokens.extend(text("x-csrf-token"));
        }
        if shown.tokens.is_empty() && has(Fault::TokenFromAuthorization) {
            let token = text("authorization");
            let token = token.and_then(|text| Some(text.split_once(' ')?.1.to_owned()));
            shown.tokens.extend(token);
        }
        if has(Fault::SessionIdFromHeader)
            && let Some(id) = text(wire::SESSION_ID_HEADER)
        {
            shown.session_id = Some(id);
        }
    }

    /// The answer says which part was wrong, never what would be right.
    pub(super) fn denied(&self, denial: Denial) -> Answer {
        let message = match denial {
            Denial::UnknownSession => "The session is unknown.",
            Denial::EndedSession => "The session has ended.",
            Denial::ExpiredSession => "The session has expired.",
            Denial::NoCookie => "The session cookie is missing.",
            Denial::WrongCookie => "The session cookie is wrong.",
            Denial::NoToken => "The CSRF token is missing.",
            Denial::WrongToken => "The CSRF token is wrong.",
        };
        let status = self.denial_status(denial);
        if status != StatusCode::UNAUTHORIZED {
            return self.denied_otherwise(status, message);
        }
        let mut answer = Answer::unauthenticated(message);
        let unchallenged = |(fault, among): &(Fault, &[Denial])| {
            self.switches.has(*fault) && among.contains(&denial)
        };
        if UNCHALLENGED.iter().any(unchallenged) {
            answer.headers.clear();
        }
        for (name, value) in &mut answer.headers {
            if *name == header::WWW_AUTHENTICATE {
                *value = self.challenge();
            }
        }
        if self.switches.varies(Variant::ChallengeSecondHeader) {
            let other = (header::WWW_AUTHENTICATE, "Negotiate".to_owned());
            answer.headers.insert(0, other);
        }
        if self.switches.varies(Variant::ChallengeTwice) {
            answer = answer.with(header::WWW_AUTHENTICATE, "Negotiate".to_owned());
        }
        if denial == Denial::ExpiredSession && self.switches.has(Fault::ExpiredBodyEmpty) {
            answer.body = Content::Empty;
        }
        if denial == Denial::WrongToken && self.switches.has(Fault::WrongTokenDrops) {
            answer.body = Content::Broken;
        }
        answer
    }

    fn denied_otherwise(&self, status: StatusCode, message: &str) -> Answer {
        match status {
            StatusCode::BAD_REQUEST => Answer::malformed(message),
            StatusCode::INTERNAL_SERVER_ERROR => Answer::failure(Failure::Internal),
            StatusCode::FOUND => Answer::empty(status).with(header::LOCATION, "/login".to_owned()),
            _ => Answer::error(status, message),
        }
    }

    fn denial_status(&self, denial: Denial) -> StatusCode {
        let faulty = FAULTY_STATUSES
            .iter()
            .find(|(fault, among, _)| self.switches.has(*fault) && among.contains(&denial))
            .map(|(_, _, status)| *status);
        let varied = LEGAL_STATUSES
            .iter()
            .find(|(variant, one, _)| self.switches.varies(*variant) && *one == denial)
            .map(|(_, _, status)| *status);
        faulty.or(varied).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    fn challenge(&self) -> String {
        let faulty = FAULTY_CHALLENGES
            .iter()
            .find(|(fault, _)| self.switches.has(*fault))
            .map(|(_, challenge)| *challenge);
        let varied = LEGAL_CHALLENGES
            .iter()
            .find(|(variant, _)| self.switches.varies(*variant))
            .map(|(_, challenge)| *challenge);
        faulty.or(varied).unwrap_or(CHALLENGE).to_owned()
    }
}

const ALL_DENIALS: &[Denial] = &[
    Denial::UnknownSession,
    Denial::EndedSession,
    Denial::ExpiredSession,
    Denial::NoCookie,
    Denial::WrongCookie,
    Denial::NoToken,
    Denial::WrongToken,
];

/// Whose 401 has no challenge.
const UNCHALLENGED: &[(Fault, &[Denial])] = &[
    (Fault::ChallengeMissing, ALL_DENIALS),
    (
        Fault::ChallengeMissingSometimes,
        &[Denial::WrongCookie, Denial::WrongToken],
    ),
    (Fault::ExpiredUnchallenged, &[Denial::ExpiredSession]),
    (Fault::EndedUnchallenged, &[Denial::EndedSession]),
    (Fault::UnknownUnchallenged, &[Denial::UnknownSession]),
    (Fault::CookielessUnchallenged, &[Denial::NoCookie]),
    (Fault::TokenlessUnchallenged, &[Denial::NoToken]),
];

const FAULTY_STATUSES: &[(Fault, &[Denial], StatusCode)] = &[
    (
        Fault::MissingToken403,
        &[Denial::NoToken],
        StatusCode::FORBIDDEN,
    ),
    (
        Fault::MissingToken400,
        &[Denial::NoToken],
        StatusCode::BAD_REQUEST,
    ),
    (
        Fault::WrongToken403,
        &[Denial::WrongToken],
        StatusCode::FORBIDDEN,
    ),
    (
        Fault::Expired403,
        &[Denial::ExpiredSession],
        StatusCode::FORBIDDEN,
    ),
    (
        Fault::Ended500,
        &[Denial::EndedSession],
        StatusCode::INTERNAL_SERVER_ERROR,
    ),
    (
        Fault::MissingCookie403,
        &[Denial::NoCookie],
        StatusCode::FORBIDDEN,
    ),
    (
        Fault::MissingCookie500,
        &[Denial::NoCookie],
        StatusCode::INTERNAL_SERVER_ERROR,
    ),
    (
        Fault::UnknownSession500,
        &[Denial::UnknownSession],
        StatusCode::INTERNAL_SERVER_ERROR,
    ),
    (Fault::Unauthenticated302, ALL_DENIALS, StatusCode::FOUND),
];

const LEGAL_STATUSES: &[(Variant, Denial, StatusCode)] = &[
    (
        Variant::UnknownSession404,
        Denial::UnknownSession,
        StatusCode::NOT_FOUND,
    ),
    (
        Variant::UnknownSession400,
        Denial::UnknownSession,
        StatusCode::BAD_REQUEST,
    ),
    (
        Variant::MissingCookie400,
        Denial::NoCookie,
        StatusCode::BAD_REQUEST,
    ),
    (
        Variant::WrongCookie400,
        Denial::WrongCookie,
        StatusCode::BAD_REQUEST,
    ),
];

const FAULTY_CHALLENGES: &[(Fault, &str)] = &[
    (
        Fault::ChallengeBasic,
        r#"Basic realm="ICWS" location="/icws/connection""#,
    ),
    (
        Fault::ChallengeWithoutRealm,
        r#"ICWS location="/icws/connection""#,
    ),
    (
        Fault::ChallengeOtherRealm,
        r#"ICWS realm="Internal" location="/icws/connection""#,
    ),
    (Fault::ChallengeWithoutLocation, r#"ICWS realm="ICWS""#),
    (
        Fault::ChallengeEmptyLocation,
        r#"ICWS realm="ICWS" location="""#,
    ),
    (
        Fault::ChallengeRealmCase,
        r#"ICWS realm="icws" location="/icws/connection""#,
    ),
    (
        Fault::ChallengeBlankLocation,
        r#"ICWS realm="ICWS" location=" ""#,
    ),
    (
        Fault::ChallengeBadLocation,
        r#"ICWS realm="ICWS" location="http://[icws/connection""#,
    ),
    (
        Fault::ChallengeSchemeJoined,
        r#"ICWSrealm="ICWS" location="/icws/connection""#,
    ),
    (
        Fault::ChallengeLocationUri,
        r#"ICWS realm="ICWS" uri="/icws/connection""#,
    ),
];

const LEGAL_CHALLENGES: &[(Variant, &str)] = &[
    (
        Variant::ChallengeSpaced,
        r#"ICWS   realm = "ICWS" , location = "/icws/connection""#,
    ),
    (
        Variant::ChallengeBare,
        "ICWS realm=ICWS, location=/icws/connection",
    ),
    (
        Variant::ChallengeEscaped,
        r#"ICWS realm="I\C\W\S", location="/icws/connection""#,
    ),
    (
        Variant::ChallengeExtra,
        r#"ICWS charset="UTF-8", realm="ICWS", error="invalid_token", error_description="The session, or its \"token\", is over", location="/ICWS/connection""#,
    ),
    (
        Variant::ChallengeAfterToken,
        r#"Negotiate YII+/aGk==, ICWS realm="ICWS", location="/icws/connection""#,
    ),
    (
        Variant::ChallengeQuery,
        r#"ICWS realm="ICWS" location="https://icws.test:8019/icws/connection?a=1,2;b=realm%3D""#,
    ),
    (
        Variant::ChallengeCommas,
        r#"ICWS realm="ICWS", location="/icws/connection""#,
    ),
    (
        Variant::ChallengeOtherCase,
        r#"icws Realm="ICWS" LOCATION="/icws/connection""#,
    ),
    (
        Variant::ChallengeUnquoted,
        r#"ICWS realm=ICWS location="/icws/connection""#,
    ),
    (
        Variant::ChallengeReordered,
        r#"ICWS location="/icws/connection" realm="ICWS""#,
    ),
    (
        Variant::ChallengeAbsolute,
        r#"ICWS realm="ICWS" location="https://icws.test:8019/icws/connection""#,
    ),
    (
        Variant::ChallengeBeside,
        r#"Basic realm="other, place", ICWS realm="ICWS", location="/icws/connection""#,
    ),
];

/// Every value of the CSRF header.
pub(super) fn tokens(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(wire::CSRF_TOKEN_HEADER).iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}
